"""The command line. Its names are a contract: others script against them."""

import gc
import importlib
import io
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gatehouse import __version__, cli_certificates
from gatehouse.extras import need
from gatehouse.logs import log_to_stderr
from gatehouse.service_manager import sign_of_life

app = typer.Typer(
    name="gatehouse",
    help="Security and sensor hub of residential communities.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
sim = typer.Typer(help="An estate without hardware, with ground truth.", no_args_is_help=True)
app.add_typer(sim, name="sim")
detect = typer.Typer(help="Look through pictures and recordings.", no_args_is_help=True)
app.add_typer(detect, name="detect")
evaluate = typer.Typer(help="Figures of the detectors.", no_args_is_help=True)
app.add_typer(evaluate, name="eval")
machine = typer.Typer(help="Credentials of other systems that report cases.", no_args_is_help=True)
app.add_typer(machine, name="machine")

keys = typer.Typer(help="The hub's own keys.", no_args_is_help=True)
app.add_typer(keys, name="keys")
rotate = typer.Typer(help="Take a new one.", no_args_is_help=True)
keys.add_typer(rotate, name="rotate")
audit = typer.Typer(help="The record of who did what.", no_args_is_help=True)
app.add_typer(audit, name="audit")
app.add_typer(cli_certificates.pki, name="pki")
app.add_typer(cli_certificates.agent, name="agent")
bring = typer.Typer(help="Bring in what others wrote down.", no_args_is_help=True)
app.add_typer(bring, name="import")

Config = Annotated[Path, typer.Option(help="The configuration file (TOML).", readable=False)]
Check = Annotated[bool, typer.Option("--check", help="Check the configuration and stop.")]
Seed = Annotated[int | None, typer.Option(help="Seed; without it the scenario's own.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Paths = Annotated[list[Path], typer.Argument(help="Files or folders.", readable=False)]
Folder = Annotated[Path, typer.Argument(help="The folder.", readable=False)]
ModelName = Annotated[str | None, typer.Option(help="A folder in models/.")]
PassphraseFile = Annotated[
    Path | None, typer.Option(help="A file (mode 0600) with the passphrase that seals the keys.")
]
ReportFile = Annotated[Path | None, typer.Option(help="Write the scorecard here, as JSON.")]


@app.command()
def demo(
    *,
    for_s: Annotated[
        float | None, typer.Option("--for", min=1, help="End after S seconds, counted from ready.")
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the console.")] = 8800,
    scenario: Annotated[str, typer.Option(help="A shipped scenario, or a file.")] = "demo",
    seed: Seed = None,
    report: ReportFile = None,
    data: Annotated[
        Path | None, typer.Option(help="Keep the data here; else it is removed at the end.")
    ] = None,
) -> None:
    """Run a whole simulated estate with its console, in one process."""
    running = need("gatehouse.demo", "all")
    wish = running.Wish(
        scenario=scenario,
        seconds=for_s,
        port=port,
        browser=not no_browser and for_s is None,
        seed=seed,
        report=report,
        data=data,
    )
    raise typer.Exit(running.run(wish))


@app.command()
def hub(*, config: Config, check: Check = False) -> None:
    """Run the hub."""
    gc.disable()  # nothing that a start makes is garbage; once it serves, the hub turns it on
    part = need("hub.app", "hub")
    configs = importlib.import_module("gatehouse.resources").shipped("configs")
    if check:
        part.check(config, shipped=configs)
        print(f"{config}: in order")
        return
    log_to_stderr()
    part.run(config, shipped=configs, alive=sign_of_life())


@app.command()
def edge(*, config: Config, check: Check = False) -> None:
    """Run an edge agent."""
    part = need("edge.app", "edge")
    if check:
        part.check(config)
        print(f"{config}: in order")
        return
    log_to_stderr()
    part.run(config, alive=sign_of_life())


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="A new folder, or a new file ending in .tar.")],
    *,
    config: Config,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Copy a hub whole, while it runs: database, evidence, keys, configuration."""
    need("hub.backup", "hub")
    importlib.import_module("gatehouse.backup").backup(target, config, passphrase_file)


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="What `gatehouse backup` made.")],
    *,
    config: Config,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Bring a hub back from a backup, to where this configuration has none yet."""
    need("hub.backup", "hub")
    importlib.import_module("gatehouse.backup").restore(source, config, passphrase_file)


@bring.command("residents")
def import_residents(
    file: Annotated[Path, typer.Argument(help="A list: .csv or .xlsx.", readable=False)],
    *,
    site: Annotated[str, typer.Option(help="The site that they live on.")],
    config: Config,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would do.")] = False,
    by_line: Annotated[
        bool, typer.Option("--by-line", help="Take every line that is right, not all or nothing.")
    ] = False,
) -> None:
    """Register households, people, cards and cars from a list; the hub may run meanwhile."""
    part = need("gatehouse.residents_list", "hub")
    raise typer.Exit(part.run(file, site, config, dry_run=dry_run, by_line=by_line))


@sim.command("run")
def sim_run(
    scenario: Annotated[str, typer.Argument(help="A shipped scenario, or a file.")],
    *,
    speed: Annotated[float, typer.Option(min=0.1, max=20, help="Simulated s per s.")] = 1.0,
    seed: Seed = None,
    report: ReportFile = None,
) -> None:
    """Run a scenario to its end through the real protocols, and judge it."""
    running = need("gatehouse.demo", "all")
    scenarios = importlib.import_module("simulators.scenario")
    folder = importlib.import_module("gatehouse.resources").shipped("configs") / "scenarios"
    length = scenarios.load(scenarios.find(scenario, folder)).duration_s
    wish = running.Wish(scenario=scenario, seconds=length, seed=seed, speed=speed, report=report)
    raise typer.Exit(running.run(wish))


@sim.command("load")
def sim_load(
    *,
    agents: Annotated[int, typer.Option(min=1, max=9999, help="How many agents.")],
    rate: Annotated[float, typer.Option(min=1, help="Messages per second, all agents.")],
    for_s: Annotated[float, typer.Option("--for", min=1, help="Seconds.")],
    broker: Annotated[str, typer.Option(help="mqtt://[user:password@]host[:port]")],
    site_file: Annotated[
        Path | None, typer.Option(help="Only write the site file that such a hub needs.")
    ] = None,
) -> None:
    """Load a broker and its hub with one-observation messages; prints one JSON object."""
    load = need("simulators.load", "sim")
    if site_file is not None:
        load.write_site(site_file, agents)
        print(f"{site_file}: written; name it in the hub's `sites`")
        return
    wish = load.Load(agents=agents, rate=rate, seconds=for_s, broker=broker)
    try:
        print(json.dumps(load.run(wish)))
    except OSError as error:
        address = broker.rpartition("@")[2]
        print(f"gatehouse: broker {address}: {error.strerror or error}", file=sys.stderr)
        raise typer.Exit(2) from None


class _Camera(StrEnum):
    ELEVATOR = "elevator-camera"
    FACADE = "facade-camera"


@app.command()
def replay(
    footage: Annotated[
        Path, typer.Argument(help="A video, a picture, or a folder of pictures.", readable=False)
    ],
    *,
    camera: Annotated[_Camera, typer.Option("--as", help="The kind of camera that saw it.")],
    config: Annotated[
        Path, typer.Option(help="A site file with such a camera (TOML).", readable=False)
    ],
    device: Annotated[
        str | None, typer.Option(help="Which camera, where the site has several.")
    ] = None,
    speed: Annotated[float, typer.Option(min=0.5, max=10, help="Footage s per s.")] = 1.0,
    fps: Annotated[float, typer.Option(min=0.5, max=30, help="Pictures a s, of a folder.")] = 2.0,
    model: ModelName = None,
    as_json: AsJson = False,
) -> None:
    """Play footage through the real line, and print what the hub makes of it."""
    part = need("gatehouse.replay", "all")
    showing = part.Showing(
        footage=footage,
        kind=camera.value,
        site_file=config,
        device=device,
        speed=speed,
        fps=fps,
        model=model,
        as_json=as_json,
    )
    raise typer.Exit(part.run(showing))


@detect.command("ebike")
def detect_ebike(paths: Paths, *, as_json: AsJson = False, model: ModelName = None) -> None:
    """Find e-bikes in pictures, folders and videos."""
    part = need("gatehouse.detect_ebike", "all")
    raise typer.Exit(part.run(paths, as_json=as_json, model=model or part.DEFAULT_MODEL))


@detect.command("falling")
def detect_falling(
    videos: Paths,
    *,
    as_json: AsJson = False,
    site: Annotated[
        Path | None, typer.Option(help="The facade: polygon, floors, masks.", readable=False)
    ] = None,
) -> None:
    """Find what fell past a facade in recordings."""
    part = need("gatehouse.detect_falling", "all")
    raise typer.Exit(part.detect(videos, site, as_json=as_json))


@evaluate.command("ebike")
def eval_ebike(directory: Folder, *, as_json: AsJson = False, model: ModelName = None) -> None:
    """Figures over a folder of labelled pictures."""
    part = need("gatehouse.eval_ebike", "all")
    raise typer.Exit(part.run(directory, as_json=as_json, model=model or part.DEFAULT_MODEL))


@evaluate.command("falling")
def eval_falling(
    directory: Annotated[Path | None, typer.Argument(help="The folder.", readable=False)] = None,
    *,
    rendered: Annotated[bool, typer.Option("--rendered", help="Drawn scenes instead.")] = False,
    falls: Annotated[int, typer.Option(min=0, help="With --rendered: falls.")] = 240,
    hours: Annotated[
        float, typer.Option(min=0, help="With --rendered: hours in which nothing falls.")
    ] = 0.25,
    seed: Annotated[int, typer.Option(help="With --rendered: the seed.")] = 1,
    backgrounds: Annotated[
        Path | None, typer.Option(help="With --rendered: pictures of facades to put behind.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Figures over a folder in FADE's layout, of videos beside a `truth.json`, or over renders."""
    if rendered == (directory is not None):
        print("gatehouse: name a folder, or say --rendered", file=sys.stderr)
        raise typer.Exit(2)
    if directory is not None:
        part = need("gatehouse.eval_falling", "all")
        raise typer.Exit(part.evaluate(directory, as_json=as_json))
    part = need("gatehouse.eval_rendered", "all")
    suite = part.Suite(falls=falls, hours=hours, seed=seed, backgrounds=backgrounds)
    raise typer.Exit(part.evaluate_rendered(suite, as_json=as_json))


@machine.command("add")
def machine_add(
    name: Annotated[str, typer.Argument(help="What people call the system.")],
    *,
    config: Config,
    site: Annotated[
        list[str] | None, typer.Option(help="A site that it reports for; without any, all.")
    ] = None,
    per_minute: Annotated[int, typer.Option(min=1, max=6000, help="Requests a minute.")] = 60,
) -> None:
    """Let another system report cases; prints its credential, once."""
    part = need("gatehouse.machine", "hub")
    raise typer.Exit(part.add(config, name, site or [], per_minute))


@machine.command("list")
def machine_list(*, config: Config, as_json: AsJson = False) -> None:
    """Show those that there are."""
    part = need("gatehouse.machine", "hub")
    raise typer.Exit(part.show(config, as_json=as_json))


@machine.command("revoke")
def machine_revoke(
    name: Annotated[str, typer.Argument(metavar="ID", help="As `machine list` shows it.")],
    *,
    config: Config,
) -> None:
    """Let one in no more, at once and for good."""
    part = need("gatehouse.machine", "hub")
    raise typer.Exit(part.revoke(config, name))


@rotate.command("hash")
def rotate_hash(*, config: Config) -> None:
    """Hash people and cars with a new key, the hub stopped; what is linked stays linked."""
    part = need("gatehouse.keys", "hub")
    raise typer.Exit(part.rotate_hash(config))


@audit.command("verify")
def audit_verify(
    *,
    config: Config,
    site: Annotated[str | None, typer.Option(help="One site; without it all chains.")] = None,
    checkpoints: Annotated[
        Path | None, typer.Option(help="A folder of checkpoints; else the hub's own.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="The hub's public key, as noted elsewhere (64 hex digits).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find any entry that was changed, removed, moved or cut off; exit status 1 names the first."""
    part = need("gatehouse.audit", "hub")
    raise typer.Exit(part.check(config, site, checkpoints, key, as_json=as_json))


@audit.command("checkpoint")
def audit_checkpoint(
    *,
    config: Config,
    to: Annotated[Path | None, typer.Option(help="A folder; without it, print them.")] = None,
) -> None:
    """Sign the trail as it is now."""
    part = need("gatehouse.audit", "hub")
    raise typer.Exit(part.checkpoint(config, to))


@app.callback(invoke_without_command=True)
def _version(
    *, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False
) -> None:
    if version:
        print(__version__)
        raise typer.Exit


def main() -> None:
    """Entry point. A mistake in a configuration is one line and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # file names need not be UTF-8
    try:
        app()
    except Exception as error:  # the process boundary: see _is_mistake
        if not _is_mistake(error):
            raise
        print(f"gatehouse: {error}", file=sys.stderr)
        sys.exit(2)


_MISTAKES = (
    ("hub.errors", "ConfigError"),
    ("hub.database.postgres", "DatabaseError"),
    ("hub.store.upgrade", "TooNewError"),
    ("hub.backup", "BackupError"),
    ("hub.households.lists", "BadListError"),
    ("hub.store.secrets", "WeakSecretError"),
    ("hub.store.rekeying.files", "KeysInUseError"),
    ("hub.access.checkpoints", "UnreadableCheckpointError"),
    ("edge.errors", "ConfigError"),
    ("edge.errors", "OutboxError"),
    ("edge.identity", "EnrolmentError"),
    ("hub.pki", "PkiError"),
    ("hub.store.secrets", "WeakSecretError"),
    ("simulators.errors", "SimulatorError"),
)


def _is_mistake(error: Exception) -> bool:
    """Whether this is the user's to mend, and said in one line; anything else is our bug."""
    known = tuple(
        getattr(sys.modules[module], name) for module, name in _MISTAKES if module in sys.modules
    )
    return isinstance(error, (*known, OSError))


if __name__ == "__main__":
    main()

"""The command line. Its names are a contract: others script against them."""

import gc
import importlib
import io
import sys
from typing import Annotated

import typer

from gatehouse import __version__
from gatehouse.commands import certificates, footage, keeping, simulated
from gatehouse.commands.options import Config
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
app.command()(simulated.demo)

Check = Annotated[bool, typer.Option("--check", help="Check the configuration and stop.")]


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


app.command()(keeping.backup)
app.command()(keeping.restore)
app.command()(footage.replay)
app.add_typer(simulated.sim, name="sim")
app.add_typer(footage.detect, name="detect")
app.add_typer(footage.evaluate, name="eval")
app.add_typer(keeping.machine, name="machine")
app.add_typer(keeping.keys, name="keys")
app.add_typer(keeping.user, name="user")
app.add_typer(keeping.audit, name="audit")
app.add_typer(keeping.bring, name="import")
app.add_typer(certificates.pki, name="pki")
app.add_typer(certificates.agent, name="agent")


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

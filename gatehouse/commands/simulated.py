"""The commands about an estate without hardware."""

import importlib
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from gatehouse.commands.options import ReportFile, Seed
from gatehouse.extras import need

sim = typer.Typer(help="An estate without hardware, with ground truth.", no_args_is_help=True)


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

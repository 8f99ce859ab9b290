"""`gatehouse demo` and `gatehouse sim run`: an estate for people to look at, or to be judged."""

import asyncio
import contextlib
import json
import signal
import sys
import tempfile
import webbrowser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gatehouse.composition import STEPS, Plan, Running, running_estate
from gatehouse.logs import log_to_file
from hub.errors import ConfigError
from simulators.scorecard import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was asked for on the command line. seconds: simulated; None goes on until Ctrl-C."""

    scenario: str
    seconds: float | None = None
    port: int = 0
    browser: bool = False
    seed: int | None = None
    speed: float = 1.0
    report: Path | None = None
    data: Path | None = None


def run(wish: Wish) -> int:
    """Run it; the exit code is 0 when the scorecard passes, or when nobody asked for a length."""
    with _data_folder(wish.data) as folder:
        log_to_file(folder / "gatehouse.log")
        plan = Plan(
            scenario=wish.scenario,
            data=folder,
            port=wish.port,
            seed=wish.seed,
            speed=wish.speed,
        )
        try:
            report = asyncio.run(_run(wish, plan))
        except ConfigError as error:
            if error.key != "http.port":
                raise
            print(f"gatehouse: port {wish.port} is in use: try --port", file=sys.stderr)
            return 2
    if report is None:
        return 0
    _keep(report, wish.report)
    return 0 if report["passed"] or wish.seconds is None else 1


async def _run(wish: Wish, plan: Plan) -> Report | None:
    step = 0

    def progress(what: str) -> None:
        nonlocal step
        step += 1
        print(f"  {step}/{STEPS} {what}", flush=True)

    print("Starting the estate:", flush=True)
    async with running_estate(plan, progress) as running:
        _greet(running, wish)
        if wish.browser:
            await asyncio.to_thread(webbrowser.open, running.url)
        stopped = await _live(running, wish.seconds)
        if stopped and wish.seconds is not None:
            print("Stopped before its time: no verdict.")
            return None
        print("Comparing what the hub says with what was true ...", flush=True)
        return await running.examination.report()


async def _live(running: Running, seconds: float | None) -> bool:
    """Run the scenario; True when a signal ended it."""
    life = asyncio.create_task(running.estate.run(seconds), name="estate")
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, life.cancel)
    try:
        await life
    except asyncio.CancelledError:
        if not life.cancelled():
            raise
        return True
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
    return False


def _greet(running: Running, wish: Wish) -> None:
    name = running.estate.site.name
    print(f"\nReady: {name.zh} / {name.en}, scenario {running.scenario.name}\n")
    print(f"  Console   {running.url}")
    for login, password in running.logins.items():
        print(f"  Login     {login:<11} {password}")
    if wish.seconds is None:
        print("\nCtrl-C ends it and prints the scorecard.\n", flush=True)
    else:
        print(f"\nRunning for {wish.seconds:g} s.\n", flush=True)


def _keep(report: Report, path: Path | None) -> None:
    text = json.dumps(report, indent=2, ensure_ascii=False)
    if path is not None:
        path.write_text(text + "\n", encoding="utf-8")
    print(summary(report))


def summary(report: Report) -> str:
    """The scorecard in a few lines."""
    counts = report["observations"]
    lines = [
        f"Scorecard: {'PASSED' if report['passed'] else 'FAILED'}",
        "  observations    "
        + ", ".join(f"{n} {counts[n]}" for n in ("generated", "stored", "lost", "duplicated")),
    ]
    for event in report["events"]:
        p99 = event["latency_s"]["p99"]
        late = "" if p99 is None else f", p99 {p99:.2f} s"
        lines.append(
            f"  {event['kind']:<15} true {event['truth']}, detected {event['detected']},"
            f" missed {event['missed']}, false {event['false']}{late}"
        )
    if held := report.get("holds"):
        lines.append(
            f"  elevator doors  held {held['count']}, for nothing {held['for_nothing']},"
            f" longest {held['longest_s']:.1f} s"
        )
    return "\n".join(lines)


@contextlib.contextmanager
def _data_folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="gatehouse-") as folder:
        yield Path(folder)

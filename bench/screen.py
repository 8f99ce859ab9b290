"""The control room's screen, in a real browser on a real hub and broker.

    python -m bench.screen [--seconds S] [--alarms N]

The first paint of the wall and the script that it takes; a burst of 200 alarms; what the page keeps
while devices report for S seconds (3,600 for an hour: the same figures, told at the end); and how
quick lists are with N alarms in the store. The browser shares the cores with hub and broker.
"""

import argparse
import asyncio
import shutil
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from playwright.async_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    async_playwright,
)

from bench.latency import DOORS_PER_S, Probe
from bench.report import emit
from bench.screen_store import fill
from bench.screen_words import BOOT, LONG_TASKS, PAINT, SCRIPTS
from bench.stand import broker_and_hub
from simulators.hubclient import HubClient
from simulators.load import SITE, Load, run
from simulators.processes import HubProcess
from simulators.scorecard import percentile

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
FLAGS: Final = ["--no-sandbox", "--disable-gpu", "--enable-precise-memory-info"]
AGENTS: Final = 20
RATE: Final = 200
"""Messages per second behind the screen."""

OPENINGS: Final = 5
BURST: Final = 200
QUIET: Final = 400
"""Alarms that come and are acknowledged while the page's memory is watched."""

WARM: Final = 150
"""Alarms before the first look: more than the page keeps of what is over."""

SETTLE_S: Final = 5.0
WITHIN_MS: Final = 60_000
LOOKS: Final = 20
SIZE: Final[ViewportSize] = {"width": 1920, "height": 1080}


async def measure(seconds: float, alarms: int) -> None:
    """Print a line for each case."""
    with broker_and_hub(AGENTS, doors=BURST + QUIET + WARM) as (broker, hub):
        probe = Probe(broker.port)
        try:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=_chromium(), args=FLAGS)
                await _opening(browser, hub)
                await _burst(browser, hub, probe)
                await _traffic(browser, hub, probe, broker.url, seconds)
                hub.stop()
                fill(hub, SITE, alarms)
                hub.start()
                await asyncio.to_thread(hub.wait_ready)
                await _lists(hub, alarms)
                await _opening(browser, hub, f", {alarms} alarms in the store")
                await browser.close()
        finally:
            probe.close()


def _chromium() -> str:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise RuntimeError("chromium is not installed")
    return found


@asynccontextmanager
async def _signed_in(browser: Browser, hub: HubProcess) -> AsyncIterator[BrowserContext]:
    """A profile of its own with a session, and an empty cache."""
    context = await browser.new_context(viewport=SIZE, locale="zh-CN")
    context.set_default_timeout(WITHIN_MS)
    try:
        login = dict(zip(("name", "password"), hub.login or (), strict=True))
        answer = await context.request.post(f"{hub.url}/api/login", data=login)
        if not answer.ok:
            raise RuntimeError(f"login: {answer.status}")
        await context.add_init_script(BOOT)
        yield context
    finally:
        await context.close()


async def _wall(context: BrowserContext, hub: HubProcess) -> Page:
    page = await context.new_page()
    await page.goto(hub.url)
    await page.wait_for_selector('[data-testid="live-indicator"][data-state="live"]')
    return page


async def _opening(browser: Browser, hub: HubProcess, case: str = "") -> None:
    """Each time with an empty cache."""
    painted, shown, script = [], [], 0
    for _ in range(OPENINGS):
        async with _signed_in(browser, hub) as context:
            page = await _wall(context, hub)
            first, wall = await page.evaluate(PAINT)
            painted.append(first)
            shown.append(wall)
            script = await page.evaluate(SCRIPTS)
    emit(
        "screen",
        f"wall opened{case}",
        first_paint_ms=round(statistics.median(painted)),
        wall_shown_ms=round(statistics.median(shown)),
        slowest_ms=round(max(shown)),
        script_kb=round(script / 1000, 1),
    )


async def _burst(browser: Browser, hub: HubProcess, probe: Probe) -> None:
    """As many alarms as fast as they can be said."""
    async with _signed_in(browser, hub) as context:
        page = await _wall(context, hub)
        await page.evaluate("() => { window.benchTasks.length = 0 }")
        began = time.monotonic()
        for number in range(1, BURST + 1):
            probe.alarm(f"door-{number}", "door-denied-repeatedly")
        await page.locator("[data-condition]").nth(BURST - 1).wait_for(state="attached")
        took = time.monotonic() - began
        await page.keyboard.press("j")
        tasks = sorted(await page.evaluate(LONG_TASKS))
        emit(
            "screen",
            f"burst of {BURST} alarms",
            longest_task_ms=round(tasks[-1]) if tasks else 0,
            tasks_over_50_ms=len(tasks),
            all_shown_s=round(took, 2),
        )


async def _traffic(
    browser: Browser, hub: HubProcess, probe: Probe, broker: str, seconds: float
) -> None:
    """Devices report, alarms come and are seen to; the page stays open."""
    load = Load(AGENTS, RATE, seconds + 10, broker, wait_s=2.0)
    async with _signed_in(browser, hub) as context, _client(hub) as client:
        page = await _wall(context, hub)
        await _acknowledge(client)
        await _come_and_go(client, probe, range(BURST + QUIET + 1, BURST + QUIET + WARM + 1))
        background = asyncio.create_task(asyncio.to_thread(run, load))
        await asyncio.sleep(SETTLE_S)
        before = await _kept(page)
        began, done = time.monotonic(), 0
        while (passed := time.monotonic() - began) < seconds:
            due = min(QUIET, round(QUIET * passed / seconds))
            await _come_and_go(client, probe, range(BURST + done + 1, BURST + due + 1))
            done = max(done, due)
        await asyncio.sleep(SETTLE_S)
        after = await _kept(page)
        await background
    emit(
        "screen",
        f"traffic of {RATE}/s for {seconds:g} s",
        heap_before_mb=before["heap_mb"],
        heap_after_mb=after["heap_mb"],
        heap_grown_mb=round(after["heap_mb"] - before["heap_mb"], 2),
        nodes_before=before["nodes"],
        nodes_after=after["nodes"],
        alarms=done,
    )


async def _kept(page: Page) -> dict[str, Any]:
    """What is left once the garbage is gone."""
    session = await page.context.new_cdp_session(page)
    for _ in range(3):
        await session.send("HeapProfiler.collectGarbage")
    heap = await session.send("Runtime.getHeapUsage")
    counted = await session.send("Memory.getDOMCounters")
    await session.detach()
    return {"heap_mb": round(heap["usedSize"] / 1e6, 2), "nodes": counted["nodes"]}


@asynccontextmanager
async def _client(hub: HubProcess) -> AsyncIterator[HubClient]:
    name, password = hub.login or ("", "")
    async with HubClient(hub.url, name=name, password=password) as client:
        yield client


async def _come_and_go(client: HubClient, probe: Probe, doors: range) -> None:
    """Doors are forced, and shut again; somebody acknowledges it."""
    for number in doors:
        probe.alarm(f"door-{number}", "door-forced")
        await asyncio.sleep(1 / DOORS_PER_S)
    await asyncio.sleep(2.0)
    await _acknowledge(client)
    for number in doors:
        probe.say(f"door-{number}", "closed")


async def _acknowledge(client: HubClient) -> None:
    """Somebody sees to what is there."""
    for alert in (await client.snapshot(SITE))["alerts"]:
        if any(one["id"] == "acknowledge" and one["allowed"] for one in alert["actions"]):
            path = f"/api/sites/{SITE}/alerts/{alert['id']}/actions/acknowledge"
            await client.post(path, {"version": alert["version"]})


async def _lists(hub: HubProcess, alarms: int) -> None:
    """What screens ask for."""
    now = round(time.time() * 1000)
    day = {"since": str(now - 24 * 3_600_000), "until": str(now)}
    month = {"since": str(now - 30 * 24 * 3_600_000), "until": str(now)}
    asked: dict[str, tuple[str, dict[str, str]]] = {
        "snapshot": ("snapshot", {}),
        "first page": ("alerts", {"state": "all", "limit": "100"}),
        "one condition": ("alerts", {"state": "all", "limit": "100", "condition": "door-forced"}),
        "one device": ("alerts", {"state": "all", "limit": "100", "device": "door-7"}),
        "figures of a day": ("alarm-figures", day),
        "figures of a month": ("alarm-figures", month),
        "detectors": ("detector-figures", {}),
        "overview": ("overview", {}),
    }
    async with _client(hub) as client:
        for name, (path, params) in asked.items():
            took = []
            for _ in range(LOOKS):
                began = time.perf_counter()
                await client.get(f"/api/sites/{SITE}/{path}", params)
                took.append((time.perf_counter() - began) * 1000)
            took.sort()
            emit(
                "screen",
                f"{alarms} alarms in the store, {name}",
                p50_ms=round(percentile(took, 50), 1),
                p95_ms=round(percentile(took, 95), 1),
            )


def main() -> None:
    """Print a line for each case."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--alarms", type=int, default=100_000)
    wish = parser.parse_args()
    asyncio.run(measure(wish.seconds, wish.alarms))


if __name__ == "__main__":
    main()

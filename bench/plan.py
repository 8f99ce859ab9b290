"""The plan of a large estate, in a real browser on a real hub.

    python -m bench.plan [--devices N] [--buildings N]

How long it takes to be on screen, and what its frames and tasks are while it is dragged, zoomed and
searched. Nothing reports meanwhile; the browser shares the cores with the hub.
"""

import argparse
import asyncio
import statistics
import tempfile
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page, async_playwright

from bench.report import emit
from bench.screen import FLAGS, _chromium, _signed_in
from simulators.mosquitto import Mosquitto
from simulators.processes import HubProcess
from simulators.scorecard import percentile

FLOORS: Final = 25
STEPS: Final = 40
FRAMES: Final = """() => {
  window.planFrames = [];
  let last = performance.now();
  const frame = (now) => {
    window.planFrames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""


async def measure(devices: int, buildings: int) -> None:
    """Print a line for each case."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        (folder / "site.toml").write_text(_site(devices, buildings), encoding="utf-8")
        with Mosquitto(folder) as broker:
            config = folder / "hub.toml"
            config.write_text(
                f'data = "hub"\nsites = ["site.toml"]\n[mqtt]\nurl = "{broker.url}"\n'
                "anonymous = true\n[http]\nport = 0\n",
                encoding="utf-8",
            )
            with HubProcess(config) as hub:
                async with async_playwright() as playwright:
                    browser = await playwright.chromium.launch(
                        executable_path=_chromium(), args=FLAGS
                    )
                    async with _signed_in(browser, hub) as context:
                        await _look(await context.new_page(), hub, devices)
                    await browser.close()


async def _look(page: Page, hub: HubProcess, devices: int) -> None:
    await page.goto(f"{hub.url}/plan")
    plan = page.get_by_test_id("plan-map")
    await plan.wait_for()
    await page.get_by_test_id("plan-calm").wait_for()
    shown = await page.evaluate("() => performance.now()")
    await page.wait_for_timeout(1000)
    opening = await page.evaluate("() => window.benchTasks.splice(0)")
    emit(
        "plan",
        f"opened, {devices} devices",
        shown_ms=round(shown),
        longest_task_ms=round(max(opening, default=0)),
    )
    await page.evaluate(FRAMES)
    box = await plan.bounding_box()
    if box is None:
        raise RuntimeError("there is no plan on screen")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.mouse.move(x, y)
    for case, act in (("dragged", _drag), ("zoomed", _zoom)):
        await page.evaluate("() => { window.planFrames.length = 0; window.benchTasks.length = 0; }")
        await act(page, x, y)
        await page.wait_for_timeout(600)
        frames = await page.evaluate("() => window.planFrames")
        tasks = await page.evaluate("() => window.benchTasks")
        _tell(f"{case}, {devices} devices", frames, tasks)


async def _drag(page: Page, x: float, y: float) -> None:
    for _ in range(3):
        await page.mouse.down()
        for step in range(STEPS):
            await page.mouse.move(x - step * 8, y - step * 4)
            await page.wait_for_timeout(16)
        await page.mouse.up()
        await page.mouse.move(x, y)


async def _zoom(page: Page, x: float, y: float) -> None:
    await page.mouse.move(x, y)
    for turn in (-240, -240, -240, 240, 240, 240, -480, 480):
        await page.mouse.wheel(0, turn)
        await page.wait_for_timeout(450)


def _tell(case: str, frames: list[float], tasks: list[float]) -> None:
    figures: dict[str, Any] = {
        "frames": len(frames),
        "frame_median_ms": round(statistics.median(frames), 1),
        "frame_p95_ms": round(percentile(frames, 95) or 0, 1),
        "longest_task_ms": round(max(tasks, default=0)),
        "tasks_over_50_ms": len(tasks),
    }
    emit("plan", case, **figures)


def _site(devices: int, buildings: int) -> str:
    """An estate of equal towers, with gates on every floor."""
    text = ['id = "load"\nname = { zh = "大院", en = "Large estate" }\n']
    text += [
        f'[[building]]\nid = "t{row}"\nname = {{ zh = "{row}号楼", en = "Tower {row}" }}\n'
        f"floors = {FLOORS}\n"
        for row in range(1, buildings + 1)
    ]
    text.append('[[agent]]\nid = "all"\n')
    text += [
        f'[[agent.device]]\nid = "d{row}"\nkind = "gate"\n'
        f'name = {{ zh = "门{row}", en = "Door {row}" }}\n'
        'place = { zh = "楼内", en = "Inside" }\n'
        f'building = "t{row % buildings + 1}"\nfloor = {row // buildings % FLOORS + 1}\n'
        for row in range(devices)
    ]
    return "\n".join(text)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=10_000)
    parser.add_argument("--buildings", type=int, default=40)
    given = parser.parse_args()
    asyncio.run(measure(given.devices, given.buildings))


if __name__ == "__main__":
    main()

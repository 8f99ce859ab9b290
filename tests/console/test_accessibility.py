"""axe-core finds no serious fault on any view, in light and in dark."""

import asyncio
from pathlib import Path

import pytest

from tests.console.post import force_door, lose_pressure

pytestmark = [pytest.mark.socket, pytest.mark.timeout(120)]

AXE = Path(__file__).parents[2] / "console" / "node_modules" / "axe-core" / "axe.min.js"
SETTLED = """async () => {
  const frame = () => new Promise(requestAnimationFrame)
  await frame().then(frame)
  await Promise.all(document.getAnimations()
    .filter((one) => one.effect.getTiming().iterations !== Infinity)
    .map((one) => one.finished.catch(() => null)))
}"""
RUN = """async (rules) => {
  const only = rules ? { runOnly: rules } : {}
  const found = await axe.run(document, { resultTypes: ['violations'], ...only })
  return found.violations
    .filter((one) => ['serious', 'critical'].includes(one.impact))
    .flatMap((one) => one.nodes.map((node) => [one.id, String(node.target),
      node.html.slice(0, 100), node.any.concat(node.all).map((check) => check.message).join('; ')]))
}"""


@pytest.fixture(scope="session")
def axe():
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: python hatch_build.py ci")
    return AXE.read_text(encoding="utf-8")


class Judge:
    """Judges a page as it stands, in light and in dark. found: (view, theme, fault)."""

    def __init__(self, page, axe):
        self.page, self.axe, self.found = page, axe, []

    async def judge(self, view, *, both=False):
        if not await self.page.evaluate("() => 'axe' in window"):
            await self.page.evaluate(self.axe)
        # The structure is the same in both themes; only the colours are not.
        dark = [("dark", ["color-contrast"])] if both else []
        for theme, rules in (*dark, ("light", None)):
            await self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            await self.page.evaluate(SETTLED)
            self.found += [(view, theme, *one) for one in await self.page.evaluate(RUN, rules)]


async def test_no_view_has_a_serious_fault(post, agent, axe, open_page, sign_in):
    door = await asyncio.to_thread(force_door, agent)
    water = await asyncio.to_thread(lose_pressure, agent)
    page = await open_page()
    judge = Judge(page, axe)
    await page.goto(post.url)
    await page.get_by_test_id("login-form").wait_for()
    await judge.judge("login", both=True)
    await sign_in(page, post.url, *post.login)
    views = {
        "alarms": "handover",
        "analysis": "bulletins",
        f"?alarm={water['id']}": "chart",
        f"cases/{door['case']}": "case-timeline",
        f"devices/{agent.sensor}": "chart",
        "system": "audit",
        "users": "machines",
    }
    for path, shown in views.items():
        await page.goto(f"{post.url}/{path}")
        await page.get_by_test_id(shown).wait_for()
        await judge.judge(path, both=True)
    await judge_dialogs(judge, agent)
    assert not judge.found, "\n".join(" | ".join(one) for one in judge.found)


async def judge_dialogs(judge, agent):
    """The other views, reached as a person does, each with what opens over it."""
    shown = judge.page.get_by_test_id
    await shown("nav-devices").click()
    await shown(f"device-{agent.gate}").wait_for()
    await judge.judge("devices")
    await shown(f"device-{agent.gate}").click()
    await shown("passages").wait_for()
    await judge.judge("gate", both=True)
    await shown("command-hold-open").click()
    await shown("command-form").wait_for()
    await judge.judge("command")
    await judge.page.keyboard.press("Escape")
    await shown("command-form").wait_for(state="hidden")
    await shown("nav-cases").click()
    await shown("case-list").wait_for()
    await judge.judge("cases")
    await shown("new-case").click()
    await shown("new-case-title").wait_for()
    await judge.judge("new case", both=True)
    await judge.page.keyboard.press("Escape")
    await shown("new-case-title").wait_for(state="hidden")
    await shown("user-menu").click()
    await judge.judge("menu")
    await shown("nav-users").click()
    await shown("users").wait_for()
    await judge.judge("users")
    await shown("new-user").click()
    await shown("user-form").wait_for()
    await judge.judge("new user")
    await judge.page.keyboard.press("Escape")
    await shown("user-form").wait_for(state="hidden")
    await judge.page.keyboard.press("?")
    await shown("help-overlay").wait_for()
    await judge.judge("help")

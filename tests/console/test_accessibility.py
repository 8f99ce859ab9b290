"""axe-core finds no serious fault on any view, in light and in dark."""

import asyncio

import pytest

from tests.console.judge import Judge
from tests.console.post import force_door, lose_pressure

pytestmark = [pytest.mark.socket, pytest.mark.timeout(120)]


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
        "figures/alarms": "top-sources",
        "figures/cases": "score-tiles",
        "figures/detectors": "detector-falling",
        "figures/reports": "bulletins",
        "cockpit": "cockpit-cases",
        "traces/watchlist": "watchlist-page",
        "traces/exports": "exports-page",
        "traces/own-looks": "own-looks-page",
        f"?alarm={water['id']}": "chart",
        f"cases/{door['case']}": "case-timeline",
        f"devices/{agent.sensor}": "chart",
        "system": "audit",
        "users": "machines",
        "account": "sessions",
        "residents": "household-search",
    }
    for path, shown in views.items():
        await page.goto(f"{post.url}/{path}")
        await page.get_by_test_id(shown).wait_for()
        await judge.judge(path, both=True)
    await judge_traces(judge)
    await judge_dialogs(judge, agent)
    assert not judge.found, "\n".join(" | ".join(one) for one in judge.found)


async def judge_traces(judge):
    """The question that comes first, and what is asked after it."""
    shown = judge.page.get_by_test_id
    await shown("nav-traces").click()
    await shown("purpose-device-check").click()
    await shown("look-reason").fill("the reader was changed")
    await judge.judge("look", both=True)
    await shown("look-declare").click()
    await shown("trace-text").wait_for()
    await judge.judge("traces", both=True)
    await shown("traces-inside").click()
    await shown("trace-inside").wait_for()
    await judge.judge("inside")


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

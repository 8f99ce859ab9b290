"""Figures and the cockpit on a real screen, and the keys that lead about the console."""

import asyncio
import re

import pytest
from playwright.async_api import expect

from tests.console.post import force_door

pytestmark = [pytest.mark.socket, pytest.mark.timeout(120)]


async def test_figures_stand_in_one_place_and_old_addresses_lead_there(post, open_page, sign_in):
    page = await open_page()
    shown = page.get_by_test_id
    await sign_in(page, f"{post.url}/analysis", *post.login)
    await shown("score-tiles").wait_for()
    await expect(page).to_have_url(re.compile("/figures/cases"))
    await shown("open-cases").wait_for()
    await shown("figures-alarms").click()
    await shown("top-sources").wait_for()
    await shown("figures-detectors").click()
    await expect(shown("detector-ebike")).to_contain_text("电动车")
    await shown("figures-reports").click()
    await shown("make-weekly").wait_for()


async def test_a_new_alarm_calls_from_any_view_and_one_key_leads_to_it(
    post, agent, open_page, sign_in
):
    page = await open_page()
    shown = page.get_by_test_id
    await sign_in(page, post.url, *post.login)
    await shown("nav-cases").click()
    await shown("case-list").wait_for()
    await asyncio.to_thread(force_door, agent)
    await shown("alarm-call").wait_for()
    await page.keyboard.press("n")
    await shown("alarm-panel").wait_for()
    chosen = await shown("alarm-panel").get_attribute("data-alert")
    await expect(page).to_have_url(re.compile(f"alarm={chosen}"))


async def test_the_cockpit_follows_the_estate_by_itself(post, agent, open_page, sign_in):
    page = await open_page(width=3840, height=2160)
    shown = page.get_by_test_id
    await sign_in(page, f"{post.url}/cockpit", *post.login)
    await shown("cockpit-alarms").wait_for()
    before = int(await shown("cockpit-P1").locator("strong").inner_text())
    await asyncio.to_thread(force_door, agent)
    await expect(shown("cockpit-P1").locator("strong")).to_have_text(str(before + 1))
    await expect(shown("cockpit-devices")).to_contain_text(re.compile(r"\d+ / \d+"))
    tall = "document.documentElement.scrollHeight - document.documentElement.clientHeight"
    assert await page.evaluate(tall) <= 0  # a display on a wall is not scrolled
    await page.keyboard.press("Escape")
    await shown("alarm-list").wait_for()

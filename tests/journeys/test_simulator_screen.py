"""The simulator's view before a living estate: an event injected by hand is seen to be detected."""

import pytest
from playwright.async_api import expect

pytestmark = [pytest.mark.socket, pytest.mark.timeout(240)]

WITHIN_MS = 45_000


async def test_an_injected_event_is_detected_before_the_eyes_of_whoever_injected_it(
    living_estate, open_page, sign_in
):
    async with living_estate("leak.toml") as running:
        page = await open_page()
        shown = page.get_by_test_id
        url, logins = running.url, running.logins
        await sign_in(page, url, "supervisor", logins["supervisor"])
        await shown("nav-simulator").click()
        await shown("inject-force-door").click()
        await expect(shown("inject-go")).to_be_enabled()
        await page.keyboard.press("Escape")
        await expect(shown("inject-go")).to_have_count(0)
        await shown("inject-force-door").click()
        await shown("inject-go").click()
        await expect(shown("injected").locator("li")).to_have_count(1)
        detected = shown("truths").locator('[data-kind="door-forced"][data-state="detected"]')
        await expect(detected).to_have_count(1, timeout=WITHIN_MS)
        await expect(shown("score-door-forced").locator("td").nth(1)).to_have_text("1")
        await expect(shown("count-missing").locator("dd")).to_have_text("0")
        guard = await open_page(width=390, height=844)
        await sign_in(guard, f"{url}/simulator", "guard", logins["guard"])
        await expect(guard.get_by_test_id("problem")).to_be_visible()
        await expect(guard.get_by_test_id("nav-simulator")).to_have_count(0)

"""The simulator's view before a living estate: an event injected by hand is seen to be detected."""

import pytest
from playwright.async_api import expect

pytestmark = [pytest.mark.socket, pytest.mark.timeout(300)]

WITHIN_MS = 45_000
"""An estate, its hub and a browser share the cores with whatever else runs."""


async def test_an_injected_event_is_detected_before_the_eyes_of_whoever_injected_it(
    living_estate, open_page, sign_in
):
    async with living_estate("leak.toml") as running:
        page = await open_page()
        page.set_default_timeout(WITHIN_MS)
        shown = page.get_by_test_id
        url, logins = running.url, running.logins
        await sign_in(page, f"{url}/simulator", "supervisor", logins["supervisor"])
        await shown("nav-simulator").wait_for()
        await shown("inject-force-door").click()
        await shown("inject-go").click()
        await expect(shown("injected").locator("li")).to_have_count(1, timeout=WITHIN_MS)
        detected = shown("truths").locator('[data-kind="door-forced"][data-state="detected"]')
        await expect(detected).to_have_count(1, timeout=WITHIN_MS)
        found = shown("score-door-forced").locator("td").nth(1)
        await expect(found).to_have_text("1", timeout=WITHIN_MS)
        guard = await open_page(width=390, height=844)
        guard.set_default_timeout(WITHIN_MS)
        await sign_in(guard, f"{url}/simulator", "guard", logins["guard"])
        await guard.get_by_test_id("problem").wait_for()
        await expect(guard.get_by_test_id("nav-simulator")).to_have_count(0)

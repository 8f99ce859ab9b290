"""Journeys: the whole line, each part real, seen and worked by a real browser."""

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from gatehouse.composition import Plan, running_estate
from simulators.hubclient import HubClient

HERE = Path(__file__).parent
BROWSER_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def living_estate(tmp_path):
    """An estate that plays one of the scenarios beside this file while the context lasts."""

    @asynccontextmanager
    async def living(scenario):
        plan = Plan(scenario=str(HERE / scenario), data=tmp_path)
        async with running_estate(plan, progress=lambda _: None) as running:
            life = asyncio.create_task(running.estate.run(None))
            try:
                yield running
            finally:
                life.cancel()
                await asyncio.gather(life, return_exceptions=True)

    return living


@pytest.fixture
async def open_page(chromium_path):
    """A function that opens a page of its own profile; the browser's own errors fail the test."""
    wrong: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path, args=BROWSER_FLAGS
        )

        async def opened(*, locale="zh-CN", width=1440, height=900):
            context = await browser.new_context(
                locale=locale, viewport={"width": width, "height": height}
            )
            page = await context.new_page()
            page.set_default_timeout(20_000)
            page.on("pageerror", lambda error: wrong.append(str(error)))
            return page

        yield opened
        await browser.close()
    assert wrong == []


async def log_in(page, url, name, password):
    """Fill in the login form and wait until the screen is live."""
    await page.goto(url)
    await page.get_by_test_id("login-name").fill(name)
    await page.get_by_test_id("login-password").fill(password)
    await page.get_by_test_id("login-submit").click()
    await page.get_by_test_id("live-indicator").wait_for()


@pytest.fixture
def sign_in():
    return log_in


@pytest.fixture
def api():
    """The hub's API as a named user, beside the browser."""

    def client(running, name="admin"):
        return HubClient(running.url, name=name, password=running.logins[name])

    return client

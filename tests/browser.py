"""A real browser for tests: pages of their own profile, whose errors fail the test; the login."""

import pytest
from playwright.async_api import async_playwright, expect

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

WITHIN_MS = 45_000
"""How long a page has for what is expected of it: shared cores are slow."""

expect.set_options(timeout=WITHIN_MS)


@pytest.fixture
async def open_page(chromium_path):
    """A function that opens a page of its own profile; the browser's own errors fail the test."""
    wrong: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)

        async def opened(*, locale="zh-CN", width=1440, height=900, **options):
            context = await browser.new_context(
                locale=locale, viewport={"width": width, "height": height}, **options
            )
            page = await context.new_page()
            page.set_default_timeout(WITHIN_MS)
            page.on("pageerror", lambda error: wrong.append(str(error)))
            return page

        yield opened
        await browser.close()
    assert wrong == []


async def fill_login(page, name, password):
    """Fill in the login form on screen and wait until the console is there."""
    await page.get_by_test_id("login-name").fill(name)
    await page.get_by_test_id("login-password").fill(password)
    await page.get_by_test_id("login-submit").click()
    await page.get_by_test_id("live-indicator").wait_for()


async def log_in(page, url, name, password):
    """Go to `url`, fill in the login form and wait until the console is there."""
    await page.goto(url)
    await fill_login(page, name, password)


@pytest.fixture
def sign_in():
    return log_in

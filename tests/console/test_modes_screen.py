"""The switch between peace and emergency on a real screen, and analysis behind it."""

import pytest
from playwright.async_api import expect

pytestmark = [pytest.mark.socket, pytest.mark.timeout(120)]


async def test_an_emergency_stands_over_every_view_until_it_is_ended(post, open_page, sign_in):
    page = await open_page()
    shown = page.get_by_test_id
    await sign_in(page, post.url, *post.login)
    await expect(shown("mode-fire")).to_have_count(0)
    await shown("mode-chip").click()
    await shown("mode-pick-fire").click()
    await expect(shown("mode-submit")).to_be_disabled()
    await shown("mode-reason").fill("演练")
    await shown("mode-submit").click()
    try:
        for view in ("nav-wall", "nav-cases", "nav-figures", "nav-system"):
            await shown(view).click()
            await expect(shown("mode-fire")).to_be_visible()
            await expect(shown("mode-fire")).to_contain_text("演练")
    finally:
        await shown("mode-fire").click()
        await shown("mode-act-reason").fill("结束")
        await shown("mode-end").click()
    await expect(shown("mode-fire")).to_have_count(0)


async def test_a_weekly_report_is_made_read_and_downloaded(post, open_page, sign_in):
    page = await open_page(accept_downloads=True)
    shown = page.get_by_test_id
    await sign_in(page, f"{post.url}/figures/reports", *post.login)
    await shown("make-weekly").click()
    await shown("bulletins").locator("a.name").first.click()
    await shown("bulletin-page").wait_for()
    async with page.expect_download() as coming:
        await shown("bulletin-pdf").click()
    file = await (await coming.value).path()
    assert file.read_bytes().startswith(b"%PDF-")

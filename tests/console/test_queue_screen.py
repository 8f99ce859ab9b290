"""The queue of cases on the screen, and a report from a cellar, which is one case, once."""

import pytest
from playwright.async_api import expect

from tests.console.judge import Judge
from tests.console.test_patrols_screen import PHONE, photo

pytestmark = [pytest.mark.socket, pytest.mark.timeout(240)]

TITLE = "地下室积水"
WAIT = 45_000
"""For what waits for a line, or for the hub's word; a slow machine fails nothing."""


async def pick_category(page):
    await page.get_by_test_id("new-case-category").click()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")


async def test_a_report_without_a_line_is_kept_and_sent_once_then_worked_on_with_others(
    post, axe, open_page, sign_in
):
    phone = await open_page(**PHONE)
    shown = phone.get_by_test_id
    await sign_in(phone, f"{post.url}/cases", *post.login)
    await shown("new-case").click()
    await pick_category(phone)
    await phone.context.set_offline(True)
    await shown("new-case-title").fill(TITLE)
    await shown("new-case-note").fill("水深约十厘米")
    await shown("photo-input").set_input_files(photo())
    await shown("photo-small").wait_for(timeout=WAIT)
    await shown("new-case-submit").click()
    await expect(shown("later-chip")).to_contain_text("1", timeout=WAIT)
    await shown("later-chip").click()
    await expect(shown("later-list")).to_contain_text(TITLE)
    await Judge(phone, axe).judge("kept", both=True)
    await phone.context.set_offline(False)
    await expect(shown("later-none")).to_be_visible(timeout=WAIT)
    cases = post.api.get("cases", q=TITLE)["items"]
    assert len(cases) == 1
    assert post.api.get(f"cases/{cases[0]['id']}")["photos_missing"] == []

    desk = await open_page(locale="en-GB")
    seen = desk.get_by_test_id
    await sign_in(desk, f"{post.url}/cases?q={TITLE}", *post.login)
    await expect(seen("case-total")).to_contain_text("1 cases", timeout=WAIT)
    await desk.keyboard.press("j")
    await desk.keyboard.press("x")
    await Judge(desk, axe).judge("queue", both=True)
    await seen("bulk-accept").click()
    await expect(seen("bulk-told")).to_contain_text("1 done", timeout=WAIT)
    line = seen(f"case-{cases[0]['id']}")
    await expect(line).to_have_attribute("data-state", "accepted", timeout=WAIT)
    assert post.api.get(f"cases/{cases[0]['id']}")["state"] == "accepted"

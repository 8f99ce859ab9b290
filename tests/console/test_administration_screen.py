"""The configuration in the console: changed by form, checked, compared, saved; nothing is lost."""

import pytest
from playwright.async_api import expect

from tests.console.judge import Judge

pytestmark = [pytest.mark.socket, pytest.mark.timeout(180)]


async def test_an_alarm_type_is_changed_with_its_mistakes_shown_and_a_second_writer_told(
    post, axe, open_page, sign_in
):
    page = await open_page()
    judge = Judge(page, axe)
    shown = page.get_by_test_id
    await sign_in(page, f"{post.url}/admin/alarms", *post.login)
    await shown("part-door-forced").wait_for()
    await judge.judge("alarm types", both=True)
    await shown("part-door-forced").click()
    limit = page.locator("[id='f-respond_s']")
    await expect(limit).to_have_value("180")
    await judge.judge("alarm type", both=True)

    await limit.fill("-5")
    await shown("check").click()
    await expect(page.locator("[data-key='respond_s']")).to_contain_text("必须大于 0")
    await judge.judge("faults", both=True)
    await limit.fill("120")
    await page.goto(f"{post.url}/admin/alarms/door-forced")  # a reload loses nothing
    await expect(limit).to_have_value("120")

    other = await open_page(locale="en-GB")
    await sign_in(other, f"{post.url}/admin/alarms/door-forced", *post.login)
    await other.locator("[id='f-session_s']").fill("9")
    await other.get_by_test_id("check").click()
    await expect(other.get_by_test_id("changes")).to_contain_text("session_s")
    await other.get_by_test_id("save").click()
    await expect(other.get_by_test_id("saved")).to_contain_text("next start")
    await expect(other.get_by_test_id("waits")).to_be_visible()

    await shown("check").click()
    await expect(shown("overtaken")).to_be_visible()
    await expect(limit).to_have_value("120")
    await shown("check").click()
    await expect(shown("changes")).to_contain_text("respond_s")
    await judge.judge("differences", both=True)
    await shown("save").click()
    await expect(shown("saved")).to_be_visible()

    await shown("tab-past").click()
    await expect(shown("past").locator("li")).to_have_count(4)
    await shown("past").locator("li").last.get_by_role("button").click()
    await shown("save").click()
    await expect(shown("saved")).to_be_visible()
    assert judge.found == []


async def test_the_roster_takes_effect_and_stands_in_the_record(post, axe, open_page, sign_in):
    page = await open_page(locale="en-GB")
    judge = Judge(page, axe)
    shown = page.get_by_test_id
    await sign_in(page, f"{post.url}/admin/roster", *post.login)
    await shown("add-absence").click()
    row = shown("absence-0")
    for label, name in (("Post", "Patrol leader"), ("Substitute", "Control room, reserve")):
        await row.get_by_label(label, exact=True).click()
        listed = page.get_by_role("listbox", name=label, exact=True)
        await listed.get_by_role("option", name=name).click()
    await judge.judge("roster", both=True)
    await shown("check").click()
    await shown("save").click()
    await expect(shown("saved")).to_contain_text("in force now")
    await page.goto(f"{post.url}/admin/audit")
    await shown("audit-object").fill("org/desks")
    await shown("audit-ask").click()
    await expect(shown("audit").locator("tbody tr").first).to_contain_text("config.change")
    await judge.judge("audit", both=True)
    for section, ready in (("models", "model-ebike-first"), ("rights", "rights")):
        await page.goto(f"{post.url}/admin/{section}")
        await shown(ready).locator("table").first.wait_for()
        await judge.judge(section, both=True)
    assert judge.found == []

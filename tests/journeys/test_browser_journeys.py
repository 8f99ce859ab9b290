"""From a device's own protocol to a closed case, by hand of people at a screen."""

import re

import pytest
from playwright.async_api import expect

pytestmark = [pytest.mark.socket, pytest.mark.timeout(180)]

SITE = "jinxiu"


def alarm_of(page, condition):
    return page.locator(f'[data-condition="{condition}"]')


async def state_of_case(page, state):
    await expect(page.get_by_test_id("case-detail")).to_have_attribute("data-state", state)


async def tick_the_standard(page):
    """Each line of what has to be true before the case may be closed."""
    lines = page.get_by_test_id("standard").get_by_role("checkbox")
    await expect(lines.first).to_be_enabled()
    for line in await lines.all():
        await line.click()
        await expect(line).to_have_attribute("aria-checked", "true")


async def do(page, action, **given):
    """One action on a case: its button, and the form where it asks for something."""
    await fill(page, action, **given)
    if given.get("note") is not None:
        await page.get_by_test_id("case-action-submit").click()


async def fill(page, action, *, resolution=None, note=None, without=None):
    """An action's button, and what its form asks for; not yet sent."""
    await page.get_by_test_id(f"case-action-{action}").click()
    if resolution is not None:
        await page.get_by_test_id("need-resolution").locator(".el-select__wrapper").click()
        await page.get_by_test_id(f"resolution-{resolution}").click()
    if note is not None:
        await page.get_by_test_id("need-note").fill(note)
        if without is not None:
            await page.get_by_test_id("need-without").fill(without)


async def the_only(client, what, **filters):
    answer = await client.get(f"/api/sites/{SITE}/{what}", {"state": "all", **filters})
    assert len(answer["items"]) == 1
    return answer["items"][0]


async def test_low_fire_water_goes_from_a_modbus_register_to_a_closed_case(
    living_estate, open_page, sign_in, api
):
    async with living_estate("leak.toml") as running:
        page = await open_page()
        await sign_in(page, running.url, "supervisor", running.logins["supervisor"])

        row = alarm_of(page, "pressure-low")
        await expect(row).to_contain_text("消防水压过低")
        await row.click()
        await expect(page.get_by_test_id("alarm-panel")).to_contain_text("0.070")
        await expect(page.get_by_test_id("chart")).to_be_visible()
        await page.get_by_test_id("action-acknowledge").click()
        await expect(page.get_by_test_id("alarm-state")).to_contain_text("已确认")

        await page.get_by_test_id("action-go-case").click()
        await page.get_by_test_id("case-detail").wait_for()
        await do(page, "accept")
        await do(page, "take")
        given = {"resolution": "resolved", "note": "阀门已关闭，压力恢复"}
        await do(page, "report", **given, without="值班员已自行处置")
        await state_of_case(page, "verifying")
        await expect(page.get_by_test_id("case-action-close")).to_be_disabled()
        await tick_the_standard(page)
        await do(page, "close")
        await state_of_case(page, "closed")
        await expect(page.get_by_test_id("case-timeline")).to_contain_text("阀门已关闭")
        await expect(page.get_by_test_id("case-action-assess")).to_be_enabled()

        async with api(running) as client:
            case = await the_only(client, "cases", category="fire-water")
            assert case["state"] == "closed"
            assert case["resolution"] == "resolved"
            alert = await the_only(client, "alerts", condition="pressure-low")
            assert alert["device"] == "fw-b2-top"
            assert alert["case"] == case["id"]
            assert alert["acknowledged_by"] == "supervisor"

        await page.get_by_test_id("nav-wall").click()
        # Mended: acknowledged and returned, so it leaves the open alarms by itself.
        await expect(alarm_of(page, "pressure-low")).to_have_attribute(
            "data-state", "normal", timeout=60_000
        )


async def test_a_forced_door_goes_from_a_controllers_push_to_a_closed_case_in_english(
    living_estate, open_page, sign_in, api
):
    async with living_estate("burglary.toml") as running:
        page = await open_page(locale="en-GB")
        await sign_in(page, running.url, "guard", running.logins["guard"])
        row = alarm_of(page, "door-forced")
        await expect(row).to_contain_text("Door forced open")
        await row.click()
        await page.keyboard.press("a")
        async with api(running) as client:
            alert = await the_only(client, "alerts", condition="door-forced")
        await page.goto(f"{running.url}/cases/{alert['case']}")  # once shut, it leaves the wall
        await do(page, "take")
        await fill(page, "report", resolution="resolved", note="Lock replaced, nobody inside")
        await expect(page.get_by_test_id("need-without")).to_be_visible()  # the police are out
        await expect(page.get_by_test_id("case-action-submit")).to_be_disabled()
        await page.get_by_test_id("party-police").get_by_role("button").click()
        await page.get_by_test_id("part-note").fill("Looked through the house")
        await page.get_by_test_id("part-send").click()
        await expect(page.get_by_test_id("need-without")).to_have_count(0)  # the open form knows
        await page.get_by_test_id("case-action-submit").click()
        closing = page.get_by_test_id("case-action-close")
        await expect(closing).to_be_disabled()  # a second pair of eyes verifies

        chief = await open_page(locale="en-GB")
        await sign_in(chief, running.url, "supervisor", running.logins["supervisor"])
        await chief.goto(page.url)
        await tick_the_standard(chief)
        await do(chief, "close")
        await expect(chief.get_by_test_id("case-action-reopen")).to_be_enabled()
        await expect(page.get_by_test_id("case-timeline")).to_contain_text(re.compile("supervisor"))

        async with api(running) as client:
            alert = await the_only(client, "alerts", condition="door-forced")
            case = await client.get(f"/api/sites/{SITE}/cases/{alert['case']}")
            assert case["state"] == "closed"
            assert [entry["action"] for entry in case["history"]][-6:] == [
                "take",
                "report-part",
                "report",
                *["tick"] * 2,
                "close",
            ]


async def test_a_guard_opens_a_door_from_the_screen_and_sees_that_it_was_done(
    living_estate, open_page, sign_in, api
):
    async with living_estate("burglary.toml") as running:
        page = await open_page()
        await sign_in(page, running.url, "guard", running.logins["guard"])
        await page.get_by_test_id("nav-devices").click()
        await page.get_by_test_id("device-gate-east").click()
        await page.get_by_test_id("command-open").click()
        await page.get_by_test_id("command-reason").fill("访客已核实")
        await page.get_by_test_id("command-send").click()
        await expect(page.get_by_test_id("last-command")).to_contain_text("已执行")

        async with api(running) as client:
            rows = [row async for row in client.observations(SITE, device="gate-east")]
            assert "remote-open" in {row["signals"]["event"] for row in rows}

"""What the screen says and keeps when the hub, the session or the person goes away."""

import asyncio
import re

import pytest
from playwright.async_api import expect

from tests.browser import fill_login
from tests.console.post import alerts, force_door, lose_pressure

pytestmark = [pytest.mark.socket, pytest.mark.timeout(120)]

PHONE = {"width": 390, "height": 844, "has_touch": True}
NEW_PASSWORD = "a sentence that only one person knows"


def badge(page):
    return page.get_by_test_id("live-indicator")


def row(page, alert_id):
    return page.get_by_test_id(f"alarm-{alert_id}")


async def doing(work, *given):
    """Something that waits, beside the browser."""
    return await asyncio.to_thread(work, *given)


@pytest.fixture
async def at_the_wall(post, open_page, sign_in):
    """Opens a page as the first admin."""

    async def opened(**options):
        page = await open_page(**options)
        await sign_in(page, post.url, *post.login)
        await expect(badge(page)).to_have_attribute("data-state", "live")
        return page

    return opened


async def test_a_killed_hub_is_told_and_what_happened_meanwhile_is_caught_up(
    post, agent, at_the_wall
):
    page = await at_the_wall()
    post.hub.kill()
    await expect(badge(page)).to_have_attribute("data-state", "stale")
    await expect(badge(page)).to_contain_text("最后更新")
    forced = agent.envelope(agent.observation("opened", signals={"open": True}))
    post.hub.start()
    await doing(post.hub.wait_ready)
    agent.publish(forced)
    agent.publish(forced)  # as an agent does that has heard no acknowledgement
    forced_rows = page.locator(f'[data-device="{agent.gate}"][data-condition="door-forced"]')
    await expect(forced_rows).to_have_count(1)
    await expect(badge(page)).to_have_attribute("data-state", "live")
    assert len(await doing(alerts, agent, agent.gate, "door-forced")) == 1


async def test_an_order_to_a_hub_that_is_away_says_so_and_works_once_it_is_back(agent, at_the_wall):
    alert = await doing(force_door, agent)
    page = await at_the_wall()
    await row(page, alert["id"]).click()
    await page.context.set_offline(True)
    await page.get_by_test_id("action-acknowledge").click()
    await expect(page.get_by_test_id("problem")).to_contain_text("连不上中枢")
    await page.context.set_offline(False)
    await page.get_by_test_id("action-acknowledge").click()
    await expect(row(page, alert["id"])).to_have_attribute("data-state", "acknowledged")
    await expect(page.get_by_test_id("problem")).to_have_count(0)


async def test_a_session_that_ended_elsewhere_leads_to_the_login_and_back_with_what_was_typed(
    post, agent, at_the_wall
):
    alert = await doing(force_door, agent)
    page = await at_the_wall()
    await page.goto(f"{post.url}/cases/{alert['case']}")
    await page.get_by_test_id("case-action-comment").click()
    await page.get_by_test_id("need-note").fill("门锁已更换，等待复查")
    session = await (await page.request.get(f"{post.url}/api/me")).json()
    headers = {"X-CSRF-Token": session["csrf"], "Origin": post.url}
    assert (await page.request.post(f"{post.url}/api/logout", headers=headers)).status == 204

    await expect(page.get_by_test_id("login-form")).to_contain_text("登录已失效")
    await fill_login(page, *post.login)
    await expect(page).to_have_url(re.compile(f"/cases/{alert['case']}"))
    await page.get_by_test_id("case-action-comment").click()
    await expect(page.get_by_test_id("need-note")).to_have_value("门锁已更换，等待复查")
    await page.get_by_test_id("case-action-submit").click()
    await expect(page.get_by_test_id("case-timeline")).to_contain_text("门锁已更换，等待复查")
    await expect(badge(page)).to_have_attribute("data-state", "live")


async def test_a_mute_shows_its_end_and_ends(post, open_page, sign_in):
    page = await open_page()
    await page.clock.install()
    await sign_in(page, post.url, *post.login)
    sound = page.get_by_test_id("sound-toggle")
    await sound.click()
    await expect(sound).to_have_attribute("data-state", "on")
    await page.clock.fast_forward("00:02")
    await page.keyboard.press("m")
    await expect(sound).to_have_attribute("data-state", "muted")
    await expect(sound).to_contain_text(re.compile(r"静音 (10:00|9:5\d)"))
    await page.clock.fast_forward("09:00")
    await expect(sound).to_contain_text(re.compile(r"静音 (1:00|0:5\d)"))
    await page.clock.fast_forward("01:10")
    await expect(sound).to_have_attribute("data-state", "on")


async def test_the_keyboard_alone_works_the_wall(agent, at_the_wall):
    forced = await doing(force_door, agent)
    page = await at_the_wall()
    await expect(row(page, forced["id"])).to_be_visible()
    rows = page.locator('[data-testid="alarm-list"] [data-condition]')
    await expect(rows.first).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("k")  # already at the top: it is chosen now, whatever comes above it
    await walk_down_to(page, forced["id"])
    lost = await doing(lose_pressure, agent)
    await expect(row(page, lost["id"])).to_be_visible()
    await expect(row(page, forced["id"])).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("k")
    await expect(row(page, forced["id"])).to_have_attribute("aria-pressed", "false")
    await walk_down_to(page, forced["id"])
    await page.keyboard.press("?")
    await expect(page.get_by_test_id("help-overlay")).to_be_visible()
    await page.keyboard.press("a")  # belongs to the help now, not to the alarm behind it
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("help-overlay")).to_have_count(0)
    await expect(row(page, forced["id"])).to_have_attribute("data-state", "unacknowledged")
    await page.keyboard.press("a")
    await expect(row(page, forced["id"])).to_have_attribute("data-state", "acknowledged")
    await page.keyboard.press("c")
    await expect(page).to_have_url(re.compile(f"/cases/{forced['case']}"))


async def walk_down_to(page, alert_id):
    """Alarms come and move meanwhile, so the steps are not counted beforehand."""
    for _ in range(40):
        if await row(page, alert_id).get_attribute("aria-pressed") == "true":
            break
        await page.keyboard.press("j")
    await expect(row(page, alert_id)).to_have_attribute("aria-pressed", "true")


async def test_language_and_theme_are_kept(at_the_wall):
    page = await at_the_wall(color_scheme="light")
    await page.get_by_test_id("user-menu").click()
    await page.get_by_test_id("language-switch").click()
    for _ in range(2):  # as the system has it, light, dark
        await page.get_by_test_id("theme-switch").click()
    await page.reload()
    await expect(page.get_by_test_id("nav-wall")).to_have_text("Watch")
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.locator("html")).to_have_class(re.compile("dark"))


async def test_a_phone_never_scrolls_sideways(post, agent, at_the_wall):
    alert = await doing(force_door, agent)
    page = await at_the_wall(locale="en-GB", **PHONE)  # the longer words
    await row(page, alert["id"]).click()
    await expect(page.get_by_test_id("alarm-panel")).to_be_visible()
    await expect(badge(page)).to_be_visible()  # the panel does not cover that the line is live
    await assert_fits(page)
    await page.go_back()
    await expect(page.get_by_test_id("alarm-panel")).to_be_hidden()
    views = {
        "cases": "case-list",
        f"cases/{alert['case']}": "case-timeline",
        "devices": f"device-{agent.gate}",
        f"devices/{agent.gate}": "passages",
        "system": "audit",
        "users": "users",
    }
    for path, shown in views.items():
        await assert_fits(page)
        await page.goto(f"{post.url}/{path}")
        await page.get_by_test_id(shown).wait_for()
    await assert_fits(page)


async def assert_fits(page):
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(wide) <= 0, page.url


async def test_an_account_is_made_on_screen_and_its_owner_takes_it_over(
    post, at_the_wall, open_page, sign_in
):
    page = await at_the_wall(locale="en-GB")
    await page.get_by_test_id("user-menu").click()
    await page.get_by_test_id("nav-users").click()
    await page.get_by_test_id("new-user").click()
    await page.get_by_test_id("user-name").fill("night.shift")
    await page.get_by_test_id("user-save").click()
    drawn = await page.get_by_test_id("once-password").inner_text()
    await page.get_by_test_id("once-kept").click()
    await expect(page.get_by_test_id("once-password")).to_have_count(0)
    await expect(page.get_by_test_id("user-night.shift")).to_contain_text("Guard")

    own = await open_page(locale="en-GB")
    await sign_in(own, post.url, "night.shift", drawn)
    await own.get_by_test_id("user-menu").click()
    await expect(own.get_by_test_id("nav-users")).to_have_count(0)
    await own.get_by_test_id("change-password").click()
    await own.get_by_test_id("password-old").fill("not this one")
    for field in ("new", "again"):
        await own.get_by_test_id(f"password-{field}").fill(NEW_PASSWORD)
    await own.get_by_test_id("password-submit").click()
    await expect(own.get_by_test_id("problem")).to_contain_text("present password is wrong")
    await own.get_by_test_id("password-old").fill(drawn)
    await own.get_by_test_id("password-submit").click()
    await expect(own.get_by_test_id("password-done")).to_be_visible()

    disable = page.get_by_test_id("user-disable-night.shift")
    await disable.click()
    await disable.click()
    await expect(own.get_by_test_id("login-form")).to_be_visible()
    await own.get_by_test_id("login-name").fill("night.shift")
    await own.get_by_test_id("login-password").fill(NEW_PASSWORD)
    await own.get_by_test_id("login-submit").click()
    await expect(own.get_by_test_id("problem")).to_contain_text("name or the password is wrong")

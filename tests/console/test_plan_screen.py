"""The estate on its plan: what is wrong stands at its place; an administrator moves and draws."""

import re

import pytest
from playwright.async_api import expect

from tests.console.judge import Judge
from tests.console.post import lose_pressure

pytestmark = [pytest.mark.socket, pytest.mark.timeout(240)]

PLAN = "/api/sites/town/plan"
CHANGE = """async ([path, body]) => {
  const me = await (await fetch('/api/me')).json()
  const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': me.csrf }
  const answer = await fetch(path, { method: 'PATCH', headers, body: JSON.stringify(body) })
  return [answer.status, await answer.json()]
}"""


async def click_at(page, name, *shares):
    """Click at shares of what has this test id, one place after another."""
    box = await page.get_by_test_id(name).bounding_box()
    for x, y in shares:
        await page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])


async def test_an_alarm_stands_at_its_place_and_a_device_is_moved_by_one_of_two(
    post, agent, axe, open_page, sign_in
):
    page = await open_page()
    judge, shown = Judge(page, axe), page.get_by_test_id
    await sign_in(page, f"{post.url}/plan", *post.login)
    await shown("plan-map").wait_for()
    lose_pressure(agent)
    await page.keyboard.press("/")
    await page.keyboard.type(agent.sensor)
    await shown(f"plan-hit-{agent.sensor}").wait_for()
    await page.keyboard.press("Enter")
    await expect(shown("plan-open-pressure-low")).to_be_visible()
    await judge.judge("plan, a device", both=True)
    await page.keyboard.press("Escape")
    await expect(shown("plan-alarm-pressure-low").first).to_be_visible()
    await judge.judge("plan", both=True)

    await page.goto(f"{post.url}/plan?at={agent.gate}")
    await shown("plan-edit").click()
    await shown("plan-place").click()
    await click_at(page, "plan-map", (0.5, 0.5))
    await expect(shown("plan-told")).to_contain_text("1 处修改未保存")
    plan = post.api.get("plan")
    change = {"version": plan["version"], "places": {agent.sensor: [5, 5]}}
    status, changed = await page.evaluate(CHANGE, [PLAN, change])
    assert status == 200, changed
    await shown("plan-save").click()
    await expect(page.get_by_text("别人刚改过平面图")).to_be_visible()
    await shown("plan-renew").click()
    await shown("plan-save").click()
    await expect(shown("plan-told")).to_contain_text("已保存")
    kept = post.api.get("plan")
    assert {agent.gate, agent.sensor} <= set(kept["placed"])
    assert kept["places"][agent.sensor] == [5, 5]
    assert judge.found == []


async def test_shapes_are_drawn_over_a_cameras_picture_and_a_bad_one_is_marked(
    post, axe, open_page, sign_in
):
    page = await open_page(locale="en-GB")
    judge, shown = Judge(page, axe), page.get_by_test_id
    await sign_in(page, f"{post.url}/plan/cameras/eye", *post.login)
    await shown("draw-polygon").click()
    await click_at(page, "draw-sheet", (0.2, 0.1), (0.8, 0.1), (0.9, 0.9), (0.1, 0.9))
    await page.keyboard.press("Enter")
    await expect(shown("shape-polygon")).to_be_visible()
    await shown("draw-floors").click()
    await click_at(page, "draw-sheet", (0.3, 0.8), (0.7, 0.8))
    wrong = page.get_by_role("alert").filter(has_text="Two lines with different numbers")
    await expect(wrong.first).to_be_visible()
    await expect(shown("draw-save")).to_be_disabled()
    await shown("draw-floors").click()
    await click_at(page, "draw-sheet", (0.3, 0.4), (0.7, 0.4))
    await expect(shown("draw-save")).to_be_enabled()

    await shown("draw-privacy").click()
    await shown("draw-sheet").focus()
    for key in ("Space", *["Shift+ArrowRight"] * 3, "Shift+ArrowDown", "Space"):
        await page.keyboard.press(key)
    for key in (*["Shift+ArrowLeft"] * 3, "Space", *["Shift+ArrowUp"] * 1):
        await page.keyboard.press(key)
    await page.keyboard.press("Shift+ArrowRight")
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    await expect(shown("fault-privacy[0]")).to_be_visible()
    await judge.judge("drawing, a fault", both=True)
    await shown("draw-undo").click()
    await expect(shown("draw-save")).to_be_enabled()
    await shown("draw-save").click()
    await expect(shown("draw-state")).to_contain_text("from the hub's next start on")
    await page.reload()
    await expect(shown("shape-floors[1]")).to_be_visible()
    await expect(shown("shape-polygon")).to_be_visible()
    drawn = await shown("shape-polygon").locator(".edge").get_attribute("points")
    assert len(re.findall(r"[\d.]+,[\d.]+", drawn)) == 4
    assert judge.found == []

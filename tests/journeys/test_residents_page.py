"""A resident at their telephone, from the photo to the stars; the estate's people answer."""

import cv2
import httpx
import numpy as np
import pytest
from playwright.async_api import expect

from hub.app import open_hub
from hub.config import load_hub
from tests.hub_api.test_open_hub import CONFIGS, write_config

pytestmark = [pytest.mark.socket, pytest.mark.timeout(180)]

CASES = "/api/sites/court/cases"


@pytest.fixture
async def hub(tmp_path):
    """A hub that hears residents, its broker away; and its supervisor beside the browser."""
    file = write_config(tmp_path)
    with file.open("a", encoding="utf-8") as more:
        more.write("[residents]\nport = 0\n")
    async with (
        open_hub(load_hub(file, shipped=CONFIGS)) as running,
        httpx.AsyncClient(base_url=running.url, timeout=45) as client,
    ):
        login = {"name": "admin", "password": running.initial_admin}
        answer = await client.post("/api/login", json=login)
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        yield running, client


def a_photo():
    shown = np.full((480, 640, 3), (60, 90, 120), np.uint8)
    cv2.circle(shown, (320, 240), 120, (30, 200, 220), -1)
    content = cv2.imencode(".jpg", shown)[1].tobytes()
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content}


async def act(client, case, action, **given):
    answer = await client.post(f"{CASES}/{case}/actions/{action}", json=given)
    assert answer.is_success, answer.text


async def test_a_resident_reports_with_a_photo_follows_answers_and_rates(hub, open_page):
    running, client = hub
    page = await open_page(width=390, height=844)
    await page.goto(f"http://127.0.0.1:{running.residents_port}/?place=1号楼 3 层")
    await page.locator("[value=street-lamp] + span").click()
    await page.locator("#send").click()
    await expect(page.locator("#report-problem")).to_be_visible()  # it does not say what happens
    await page.locator("#what").fill("门口路灯不亮 <b>三天了</b>")
    await page.locator("#photo").set_input_files(a_photo())
    await expect(page.locator("#photos li:not(.sending) img")).to_have_count(1)
    await page.locator("#send").click()
    await expect(page.locator("#code")).not_to_be_empty()
    await page.locator("#look").click()
    await expect(page.locator("#state")).to_have_text("发现")

    (case,) = (await client.get(CASES, params={"source": "resident"})).json()["items"]
    assert (case["source"], case["category"]) == ("resident", "street-lamp")
    assert case["place"]["zh"] == "1号楼 3 层"
    kept = (await client.get("/api/sites/court/evidence", params={"case": case["id"]})).json()
    assert [(one["kind"], one["state"]) for one in kept["items"]] == [("photo", "stored")]
    asked = {"text": "是哪一盏？"}
    assert (await client.post(f"{CASES}/{case['id']}/questions", json=asked)).is_success
    await page.locator("#find button").click()
    await expect(page.locator("#said")).to_contain_text("是哪一盏？")
    await page.locator("#words").fill("东边那盏")
    await page.locator("#answer button").click()
    await expect(page.locator("#said .own")).to_contain_text("东边那盏")
    await act(client, case["id"], "accept")
    given = {"resolution": "not-found", "note": "到场时灯已亮"}
    await act(client, case["id"], "close-directly", **given)
    await page.locator("#find button").click()
    await expect(page.locator("#state")).to_have_text("结案")
    await page.get_by_role("button", name="4 星").click()
    await expect(page.locator("#rated")).to_have_text("★★★★☆")
    await expect(page.locator("#rate")).to_be_hidden()
    told = (await client.get(f"{CASES}/{case['id']}")).json()
    assert (told["rating"], told["report"]["rating"]) == (4, 4)
    assert told["history"][0]["note"] == "门口路灯不亮 <b>三天了</b>"
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")

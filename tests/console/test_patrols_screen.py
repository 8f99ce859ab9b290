"""A round walked on a telephone, while somebody at the desk looks on."""

import cv2
import numpy as np
import pytest
from playwright.async_api import expect

from tests.console.judge import Judge

pytestmark = [pytest.mark.socket, pytest.mark.timeout(120)]

PHONE = {"width": 390, "height": 844, "has_touch": True}


def photo():
    picture = np.full((480, 640, 3), 120, np.uint8)
    return {
        "name": "stairs.jpg",
        "mimeType": "image/jpeg",
        "buffer": cv2.imencode(".jpg", picture)[1].tobytes(),
    }


async def test_a_guard_walks_a_round_on_a_telephone_and_the_finding_is_a_case(
    post, axe, open_page, sign_in
):
    phone = await open_page(**PHONE)
    judge = Judge(phone, axe)
    shown = phone.get_by_test_id
    await sign_in(phone, f"{post.url}/patrols", *post.login)
    desk = await open_page(locale="en-GB")
    await sign_in(desk, f"{post.url}/patrols", *post.login)
    await shown("start-yard").wait_for()
    await judge.judge("patrols", both=True)
    await shown("start-yard").click()
    await expect(shown("round-detail")).to_have_attribute("data-state", "due")
    await desk.get_by_test_id("round-yard").click()  # the stream brought it to the desk

    await shown("point-gate").get_by_test_id("fine").click()
    await expect(shown("point-gate")).to_have_attribute("data-result", "fine")
    await expect(desk.get_by_test_id("point-gate")).to_contain_text("All fine")

    stairs = shown("point-stairs")
    await stairs.get_by_test_id("finding").click()
    await judge.judge("round", both=True)
    await expect(stairs.get_by_test_id("point-send")).to_be_disabled()
    await stairs.get_by_test_id("point-note").fill("三楼堆放纸箱")
    await stairs.get_by_test_id("photo-input").set_input_files(photo())
    await stairs.get_by_test_id("photo-small").wait_for()
    await stairs.get_by_test_id("point-send").click()
    await expect(stairs).to_have_attribute("data-result", "finding")

    roof = shown("point-roof")
    await roof.get_by_test_id("skipped").click()
    await roof.get_by_test_id("point-note").fill("钥匙不在岗亭")
    await roof.get_by_test_id("point-send").click()
    await expect(shown("round-detail")).to_have_attribute("data-state", "incomplete")
    await expect(desk.get_by_test_id("round-detail")).to_have_attribute("data-state", "incomplete")

    await stairs.get_by_test_id("point-case").click()
    await expect(shown("case-detail")).to_contain_text("楼梯间：巡查发现")
    await expect(shown("case-timeline")).to_contain_text("院内巡逻 · 楼梯间")
    await expect(phone.get_by_role("link", name="院内巡逻")).to_be_visible()
    assert judge.found == []

"""Whoever passed, found by room or by name, as the list of residents knows them."""

import pytest

from hub.config import Role

COURT = "/api/sites/court"
LIST = (
    "楼栋,单元,房号,姓名,电话,标签,卡号,车牌\r\n"
    "1号楼,1,502,甲乙,,,card-0815-0001,\r\n"
    "1号楼,1,502,丙丁,,,card-0815-0002,\r\n"
    "1号楼,2,101,戊己,,,card-0815-0003,\r\n"
)


@pytest.fixture
async def search(house):
    boss = await house.person("li", Role.SUPERVISOR, "court")
    headers = {"X-CSRF-Token": boss.csrf, "Content-Type": "text/csv"}
    taken = await boss.http.post(
        f"{COURT}/residents-list", params={"mode": "whole"}, content=LIST.encode(), headers=headers
    )
    assert taken.json()["credentials"] == 3, taken.text
    for number in ("0001", "0003"):
        await house.gate("granted", credential=f"card-0815-{number}", method="card")
        house.hand.pass_s(5)
    look = await boss.look("court")

    async def ask(text, by, **more):
        body = {"text": text, "by": by, **more}
        path = f"{COURT}/traces/search"
        return await boss.post(path, body, params=look)

    return ask


async def test_a_room_and_a_name_find_those_of_them_who_have_passed(search):
    for text, by, more, found in (
        ("502", "room", {"building": "b1"}, ["••••0001"]),
        ("甲乙", "name", {}, ["••••0001"]),
        ("戊己", "name", {}, ["••••0003"]),
        ("丙丁", "name", {}, []),
        ("503", "room", {"building": "b1"}, []),
        ("甲", "name", {}, []),
    ):
        answer = await search(text, by, **more)
        assert answer.status_code == 200, answer.text
        assert [one["credential"] for one in answer.json()["items"]] == found, (text, by)


@pytest.mark.parametrize(
    ("text", "by", "more"),
    [("502", "room", {}), ("甲乙", "name", {"building": "b1"}), ("1", "number", {})],
)
async def test_what_is_half_said_is_refused(search, text, by, more):
    assert (await search(text, by, **more)).status_code == 422

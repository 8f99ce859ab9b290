"""Who lives where, through the API: masked, unmasked on record, imported, counted, looked after."""

import pytest
from sqlalchemy import func, select

from hub.config import Role
from hub.households.columns import template
from hub.store.schema import credential, household, person, person_tag
from tests.hub_api.house import T0

COURT = "/api/sites/court"
LIST = f"{COURT}/residents-list"
DAY_MS = 86_400_000
HEAD = "楼栋,单元,房号,姓名,电话,标签,卡号,车牌\r\n"
PEOPLE = (
    HEAD
    + "1号楼,1,502,甲乙,13800000000,独居,card-0815-0001,\r\n"
    + "1号楼,1,502,丙丁,,租户,card-0815-0002,粤B12345\r\n"
    + "1号楼,2,101,戊己,,,,京AD12345\r\n"
)


async def give(who, text, mode, *, kind="text/csv"):
    data = text if isinstance(text, bytes) else text.encode()
    headers = {"X-CSRF-Token": who.csrf, "Content-Type": kind}
    return await who.http.post(LIST, params={"mode": mode}, content=data, headers=headers)


def counted(house):
    with house.store.reader.connect() as reader:
        return [
            reader.scalar(select(func.count()).select_from(table))
            for table in (household, person, person_tag, credential)
        ]


async def found(who, **wish):
    answer = await who.post(f"{COURT}/households/search", wish)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


@pytest.fixture
async def boss(house):
    return await house.person("li", Role.SUPERVISOR, "court")


async def test_a_list_is_tried_taken_whole_or_by_line_and_the_same_one_is_no_news(house, boss):
    tried = (await give(boss, PEOPLE, "try")).json()
    assert (tried["applied"], tried["lines"], tried["wrong"]) == (False, 3, 0)
    assert counted(house) == [0, 0, 0, 0]
    broken = PEOPLE + "9号楼,,1,庚辛,1,,,\r\n"
    answer = (await give(boss, broken, "whole")).json()
    assert (answer["applied"], answer["wrong"]) == (False, 1)
    places = [(one["line"], one["column"]["en"]) for one in answer["problems"]]
    assert sorted(places) == [(5, "Building"), (5, "Phone")]
    assert counted(house) == [0, 0, 0, 0]
    answer = (await give(boss, broken.encode("gb18030"), "lines")).json()
    assert (answer["applied"], answer["people"], answer["credentials"]) == (True, 3, 4)
    assert counted(house) == [2, 3, 2, 4]
    again = (await give(boss, PEOPLE, "whole")).json()
    news = [again[name] for name in ("households", "people", "credentials", "tags", "changed")]
    assert (again["applied"], news) == (True, [0, 0, 0, 0, 0])
    admin = await house.person("boss", Role.ADMIN)
    trail = (await admin.get("/api/audit", params={"action": "household.import"})).json()["items"]
    assert [one["detail"]["people"] for one in trail] == [0, 3]
    assert "甲乙" not in str(trail)


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 422, "bad-list"),
        ("姓名\r\n甲乙\r\n", 422, "bad-list"),
        (b"PK\x03\x04....", 422, "bad-list"),
        (b"x" * (10 * 1024 * 1024 + 1), 413, "too-large"),
    ],
)
async def test_what_is_no_list_is_refused(boss, data, status, code):
    answer = await give(boss, data, "whole")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_list_may_be_brought_by_supervisors_alone_and_the_template_is_one(house, boss):
    guard = await house.person("wang", Role.GUARD, "court")
    assert (await give(guard, PEOPLE, "try")).status_code == 403
    answer = await boss.get(f"{LIST}/template", params={"language": "en"})
    assert answer.content == template("en").encode()
    assert "attachment" in answer.headers["content-disposition"]


async def test_people_are_shown_masked_and_found_by_what_they_are_called(house, boss):
    await give(boss, PEOPLE, "whole")
    guard = await house.person("wang", Role.GUARD, "court")
    (first, second) = await found(guard)
    assert (first["building_name"]["en"], first["entrance"], first["room"]) == (
        "Building 1",
        "1",
        "502",
    )
    assert {(one["name"], one["phone"]) for one in first["people"]} == {
        ("甲••", "138••••0000"),
        ("丙••", None),
    }
    assert {one["masked"] for one in first["credentials"]} == {"••••0001", "••••0002", "粤B·••••5"}
    said = str([first, second])
    assert not any(secret in said for secret in ("甲乙", "丙丁", "13800000000", "B12345", "0815"))
    for wish, rooms in (
        ({"name": "甲乙"}, ["502"]),
        ({"name": "甲"}, []),
        ({"phone": "138 0000 0000"}, ["502"]),
        ({"credential": "京A·D12345"}, ["101"]),
        ({"credential": "card-0815-0002"}, ["502"]),
        ({"building": "b1", "entrance": "2"}, ["101"]),
        ({"tag": "lives-alone"}, ["502"]),
    ):
        assert [one["room"] for one in await found(guard, **wish)] == rooms, wish
    page = (await guard.post(f"{COURT}/households/search", {"limit": 1})).json()
    assert [one["room"] for one in page["items"]] == ["502"]
    assert [one["room"] for one in await found(guard, after=page["next"])] == ["101"]


async def test_a_tag_shows_to_its_role_alone(house, boss):
    await give(boss, PEOPLE, "whole")
    guard = await house.person("wang", Role.GUARD, "court")
    seen = [
        sorted(tag for person in (await found(who))[0]["people"] for tag in person["tags"])
        for who in (guard, boss)
    ]
    assert seen == [["lives-alone"], ["lives-alone", "tenant"]]
    answer = await guard.post(f"{COURT}/households/search", {"tag": "tenant"})
    assert answer.status_code == 422
    assert "tenant" not in str((await guard.get(f"{COURT}/tags")).json())


async def test_a_name_is_opened_under_a_look_for_a_reason_that_is_on_record(house, boss):
    await give(boss, PEOPLE, "whole")
    guard = await house.person("wang", Role.GUARD, "court")
    people = (await found(guard, name="甲乙"))[0]["people"]
    (name,) = [one["id"] for one in people if one["name"] == "甲••"]
    path, reason = f"{COURT}/people/{name}/unmask", "车挡住了消防通道"
    needed = await guard.send("POST", path, {"reason": reason})
    assert needed.status_code == 422
    opened = []
    for who in (guard, boss):
        answer = await who.send("POST", path, {"reason": reason}, params=await who.look())
        assert (answer.json()["name"], answer.json()["phone"]) == ("甲乙", "13800000000")
        opened.append(list(answer.json()["credentials"].values()))
    assert opened == [[], ["card-0815-0001"]]  # whoever may not unmask a card there does not here
    admin = await house.person("boss", Role.ADMIN)
    looks = (await admin.get("/api/audit", params={"action": "person.unmask"})).json()["items"]
    told = [(one["actor"], one["object"], one["detail"]["unmask_reason"]) for one in looks]
    assert told == [("li", name, reason), ("wang", name, reason)]
    assert "甲乙" not in str(looks)


async def test_a_household_is_made_changed_and_removed_by_hand(house, boss):
    new = {"building": "b1", "room": "7"}
    made = (await boss.post(f"{COURT}/households", new)).json()
    taken = await boss.post(f"{COURT}/households", new)
    assert (taken.status_code, taken.json()["code"]) == (409, "room-taken")
    nowhere = await boss.post(f"{COURT}/households", {"building": "b9", "room": "7"})
    assert nowhere.status_code == 422
    path = f"{COURT}/households/{made['id']}"
    body = {"name": "甲乙", "phone": "13800000000", "tags": ["lives-alone"]}
    (someone,) = (await boss.post(f"{path}/people", body)).json()["people"]
    twin = await boss.post(f"{path}/people", {"name": "甲乙"})
    assert (twin.status_code, twin.json()["code"]) == (409, "person-known")
    card = {"kind": "card", "value": "卡 1"}  # what a list may not say either
    assert (await boss.post(f"{path}/credentials", card)).json()["errors"][0]["field"] == "value"
    car = {"kind": "plate", "value": "粤B·12345", "person": someone["id"]}
    (plate,) = (await boss.post(f"{path}/credentials", car)).json()["credentials"]
    assert (await boss.post(f"{path}/credentials", car)).json()["code"] == "credential-taken"
    change = {"version": someone["version"], "phone": None, "tags": ["elderly"]}
    changed = (await boss.send("PATCH", f"{path}/people/{someone['id']}", change)).json()
    assert (changed["people"][0]["phone"], changed["people"][0]["tags"]) == (None, ["elderly"])
    stale = await boss.send("PATCH", f"{path}/people/{someone['id']}", change)
    assert stale.json()["code"] == "stale-version"
    ends = {"version": plate["version"], "until": T0 + DAY_MS}
    changed = (await boss.send("PATCH", f"{path}/credentials/{plate['id']}", ends)).json()
    assert (changed["credentials"][0]["until"], changed["credentials"][0]["person"]) == (
        T0 + DAY_MS,
        someone["id"],
    )
    assert (await boss.send("DELETE", path)).json()["code"] == "household-not-empty"
    for thing in (f"credentials/{plate['id']}", f"people/{someone['id']}"):
        assert (await boss.send("DELETE", f"{COURT}/{thing}")).status_code == 204
    assert (await boss.send("DELETE", path)).status_code == 204
    assert counted(house) == [0, 0, 0, 0]
    assert (await boss.get(path)).status_code == 404


async def test_a_household_is_counted_without_a_name_and_somebody_alone_is_missed(house, boss):
    await give(boss, PEOPLE, "whole")
    guard = await house.person("wang", Role.GUARD, "court")
    first = (await found(guard))[0]
    (note,) = (await guard.get(f"{COURT}/care")).json()
    assert (note["last_at"], note["seen_by"], note["name"]) == (None, True, "甲••")
    for direction in ("out", "in"):
        card = {"credential": "card-0815-0001", "direction": direction, "method": "card"}
        await house.gate("granted", **card)
    await house.gate("granted", credential="card-0815-0002", direction="in", method="card")
    await house.gate("denied", credential="card-0815-0002", direction="in", method="card")
    assert (await guard.get(f"{COURT}/care")).json() == []
    path = f"{COURT}/households/{first['id']}/tally"
    assert (await boss.get(path)).status_code == 422
    (day,) = (await boss.get(path, params=await boss.look())).json()
    assert (day["came_in"], day["went_out"], day["other"]) == (2, 1, 0)
    assert (day["day"] + 8 * 3_600_000) % DAY_MS == 0
    house.hand.pass_s(3 * 86_400 + 60)
    guard = await house.log_in("wang")
    (note,) = (await guard.get(f"{COURT}/care")).json()
    assert (note["last_at"], note["tags"], note["room"]) == (T0, ["lives-alone"], "502")

"""Patrols from outside."""

import asyncio

from hub.config import Role
from tests.hub_api.test_photos import photo_of

HOUR = 3_600_000
PATH = "/api/sites/court"


async def test_a_guard_walks_a_round_and_a_finding_is_a_case_with_a_photo_on_record(house):
    guard = await house.person("wang", Role.GUARD, "court")
    plans = {one["id"]: one for one in (await guard.get(f"{PATH}/patrols")).json()}
    nightly = plans["night-perimeter"]
    assert nightly["next_at"] > house.clock.now()
    assert nightly["posts"] == [{"zh": "巡逻班长", "en": "Patrol leader"}]
    made = await guard.post(f"{PATH}/rounds", {"plan": "night-perimeter"})
    assert made.status_code == 201, made.text
    one = made.json()
    assert (one["state"], one["planned"], one["version"]) == ("due", False, 1)
    seen = (await guard.get(f"{PATH}/snapshot")).json()["rounds"]
    assert [row["id"] for row in seen] == [one["id"]]
    point = f"{PATH}/rounds/{one['id']}/points"
    photo = await photo_of(guard)
    for body, status, code in (
        ({"result": "finding"}, 422, "bad-request"),
        ({"result": "wonderful"}, 422, "invalid-request"),
        ({"result": "finding", "note": "x", "category": "none"}, 422, "bad-request"),
        ({"result": "fine", "photos": [photo]}, 422, "bad-request"),
    ):
        refused = await guard.post(f"{point}/garage", body)
        assert (refused.status_code, refused.json()["code"]) == (status, code), refused.text
    found = {"result": "finding", "note": "有车在充电", "photos": [photo]}
    after = (await guard.post(f"{point}/garage", found)).json()
    visits = {stop["id"]: stop["visit"] for stop in after["points"]}
    case = (await guard.get(f"{PATH}/cases/{visits['garage']['case']}")).json()
    assert (case["source"], case["category"]) == ("inspection", "e-bike-indoors")
    assert case["history"][0]["detail"]["photos"] == [photo]
    assert case["history"][0]["detail"]["round"] == one["id"]
    again = await guard.post(f"{point}/garage", {"result": "fine"})
    assert (again.status_code, again.json()["code"]) == (409, "point-visited")
    assert (await guard.post(f"{point}/nowhere", {"result": "fine"})).status_code == 404
    for stop in ("gate-east", "south-entrance", "gate-west"):
        after = (await guard.post(f"{point}/{stop}", {"result": "fine"})).json()
    assert (after["state"], after["actions"][0]["allowed"]) == ("done", False)
    admin = await house.person("root", Role.ADMIN)
    acts = (await admin.get("/api/audit?site=court&limit=100")).json()["items"]
    assert {"round.start", "round.visit"} <= {row["action"] for row in acts}
    assert "point-visited" in {row["outcome"] for row in acts}


async def test_a_round_is_no_business_of_another_sites_people(house):
    stranger = await house.person("zhao", Role.SUPERVISOR, "yard")
    assert (await stranger.get(f"{PATH}/patrols")).status_code == 404
    assert (await stranger.post(f"{PATH}/rounds", {"plan": "night-perimeter"})).status_code == 404
    assert (await stranger.get("/api/sites/yard/patrols")).json() == []
    unknown = await stranger.post("/api/sites/yard/rounds", {"plan": "night-perimeter"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not-found")


async def test_two_guards_at_one_point_at_once_leave_one_mark_and_one_case(house):
    one, two = [await house.person(name, Role.GUARD, "court") for name in ("wang", "li")]
    made = (await one.post(f"{PATH}/rounds", {"plan": "fire-inspection"})).json()
    point = f"{PATH}/rounds/{made['id']}/points/pump-room"
    body = {"result": "finding", "note": "漏水"}
    answers = await asyncio.gather(*(who.post(point, body) for who in (one, two) * 3))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5
    cases = (await one.get(f"{PATH}/cases?category=fire-water")).json()["items"]
    assert len(cases) == 1


async def test_a_supervisor_prints_the_codes_and_it_is_on_record(house):
    boss, guard = [await house.person(*one) for one in (("boss", Role.ADMIN), ("wang", Role.GUARD))]
    path = f"{PATH}/patrols/night-perimeter/codes"
    assert (await guard.get(path)).status_code == 403
    printed = await boss.get(path, params={"language": "en"})
    assert (printed.status_code, printed.content[:5]) == (200, b"%PDF-")
    assert (await boss.get(f"{PATH}/patrols/none/codes")).status_code == 404
    acts = (await boss.get("/api/audit", params={"action": "patrol.print"})).json()["items"]
    assert [(one["actor"], one["object"]) for one in acts] == [("boss", "night-perimeter")]

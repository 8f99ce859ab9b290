"""Looks at access traces: declared with purpose, reason and case, counted, and told of."""

import pytest

from hub.config import Role
from hub.config.looks import LooksConfig, Quota

COURT = "/api/sites/court"


async def trail(person, **params):
    return (await person.get("/api/audit", params=params)).json()["items"]


async def new_case(person):
    said = {"category": "other", "title": "a bicycle is gone", "note": "from the rack"}
    return (await person.post(f"{COURT}/cases", said)).json()


def limit(house, **quota):
    """Another quota, as a hub with another configuration would have after a restart."""
    config = LooksConfig(quota=dict.fromkeys(Role, Quota(**quota)))
    object.__setattr__(house.services.looking, "config", config)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"purpose": "curiosity", "reason": "x"}, "purpose"),
        ({"purpose": "device-check"}, "reason"),
        ({"purpose": "device-check", "reason": "  "}, "reason"),
        ({"purpose": "incident", "reason": "a theft"}, "case"),
        ({"purpose": "incident", "reason": "a theft", "case": "nothing"}, "case"),
    ],
)
async def test_a_look_that_does_not_say_what_its_purpose_asks_for_is_none(house, said, field):
    guard = await house.person("wang", Role.GUARD)
    answer = await guard.post(f"{COURT}/looks", said)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == [field]


async def test_a_case_of_another_site_is_no_case(house):
    boss = await house.person("boss", Role.ADMIN)
    case = await new_case(boss)
    said = {"purpose": "incident", "reason": "a theft", "case": case["id"]}
    assert (await boss.post("/api/sites/yard/looks", said)).status_code == 422
    for name in (case["id"], case["number"]):
        made = await boss.post(f"{COURT}/looks", {**said, "case": name})
        assert (made.status_code, made.json()["case"]) == (201, case["id"])


async def test_a_look_is_good_for_whoever_declared_it_there_and_for_a_while(house):
    wang = await house.person("wang", Role.GUARD)
    li = await house.person("li", Role.GUARD)
    look = await wang.look()
    assert (await wang.get(f"{COURT}/passages", params=look)).status_code == 200
    for person, site in ((li, "court"), (wang, "yard")):
        answer = await person.get(f"/api/sites/{site}/passages", params=look)
        assert (answer.status_code, answer.json()["code"]) == (422, "look-needed")
    for _ in range(2):
        house.hand.pass_s(15 * 60)
        assert (await wang.get("/api/me")).status_code == 200
    answer = await wang.get(f"{COURT}/passages", params=look)
    assert (answer.status_code, answer.json()["code"]) == (422, "look-needed")


async def test_beyond_the_quota_the_supervisor_is_told_and_at_twice_it_is_refused(house):
    guard = await house.person("wang", Role.GUARD)
    boss = await house.person("boss", Role.ADMIN)
    limit(house, people=100, pages=2)
    look = await guard.look()
    codes = []
    for _ in range(5):
        codes.append((await guard.get(f"{COURT}/passages", params=look)).status_code)
        alerts = (await boss.get(f"{COURT}/alerts")).json()["items"]
        assert len(alerts) == (len(codes) > 2)
    assert codes == [200, 200, 200, 200, 409]
    (alert,) = alerts
    assert (alert["condition"], alert["device"]) == ("looks-over-quota", "hub")
    assert alert["state"] == "returned-unacknowledged"
    assert (alert["detail"]["actor"], alert["detail"]["pages"]) == ("wang", 3)
    looks = await trail(boss, action="passage.look")
    assert [one["outcome"] for one in looks] == ["over-quota", "ok", "ok", "ok", "ok"]
    house.hand.pass_s(24 * 3600)
    guard = await house.log_in("wang")
    again = await guard.get(f"{COURT}/passages", params=await guard.look())
    assert again.status_code == 200, "a new day"


async def test_different_people_are_counted_once_each(house):
    guard = await house.person("wang", Role.GUARD)
    limit(house, people=1, pages=100, refuse_at=1)
    for card in ("CARD-0001-4711", "CARD-0002-4712"):
        await house.gate("granted", credential=card)
    look = await guard.look()
    page = (await guard.get(f"{COURT}/passages", params=look)).json()["items"]
    marks = [one["subject"] for one in page]

    async def ask(mark):
        return (await guard.get(f"{COURT}/passages", params={**look, "subject": mark})).status_code

    assert [await ask(marks[0]), await ask(marks[0]), await ask(marks[1])] == [200, 200, 409]


async def test_a_card_is_unmasked_by_a_supervisor_for_a_reason_under_an_action_of_its_own(house):
    guard = await house.person("wang", Role.GUARD)
    boss = await house.person("boss", Role.ADMIN)
    await house.gate("granted", credential="CARD-4711-0815")
    look = await boss.look()
    (one,) = (await boss.get(f"{COURT}/passages", params=look)).json()["items"]
    for path in (f"passages/{one['id']}", f"subjects/{one['subject']}"):
        url = f"{COURT}/{path}/unmask"
        why = {"reason": "the card was found in the lift"}
        assert (await guard.send("POST", url, why, params=await guard.look())).status_code == 403
        assert (await boss.send("POST", url, {"reason": ""}, params=look)).status_code == 422
        assert (await boss.send("POST", url, why)).status_code == 422, "without a look"
        answer = await boss.send("POST", url, why, params=look)
        assert answer.json()["credential"] == "CARD-4711-0815"
    told = await trail(boss, action="passage.unmask")
    assert [(one["actor"], one["object"]) for one in told] == [("boss", one["id"])] * 2
    assert told[0]["detail"]["unmask_reason"] == why["reason"]
    assert "4711-0815" not in str(await trail(boss))
    assert (await boss.send("POST", f"{COURT}/passages/77/unmask", why, params=look)).is_error


async def test_somebody_is_told_who_looked_at_them_and_nothing_of_others(house):
    guard = await house.person("wang", Role.GUARD)
    boss = await house.person("boss", Role.ADMIN)
    for card in ("CARD-0001-4711", "CARD-0002-4712"):
        await house.gate("granted", credential=card)
    look = await guard.look(reason="a parcel is gone")
    page = (await guard.get(f"{COURT}/passages", params=look)).json()["items"]
    other = {"subject": page[0]["subject"]}  # the newer one: CARD-0002
    assert (await guard.get(f"{COURT}/passages", params=look | other)).status_code == 200
    url, asked = f"{COURT}/looks/about", {"sort": "credential", "value": " CARD-0001-4711 "}
    assert (await boss.send("POST", url, asked, params=await boss.look())).status_code == 422
    own = await boss.look(purpose="own-looks", reason="she asked at the desk")
    assert (await boss.get(f"{COURT}/passages", params=own)).status_code == 422, "for nothing else"
    answer = (await boss.send("POST", url, asked, params=own)).json()
    assert answer["subject"] == page[1]["subject"]
    (told,) = answer["items"]
    assert (told["who"], told["purpose"], told["reason"]) == (
        "guard",
        "device-check",
        "a parcel is gone",
    )
    again = (await boss.send("POST", url, asked, params=own)).json()["items"]
    assert [one["action"] for one in again] == ["look.report", "passage.look"]
    assert (await guard.send("POST", url, asked, params=look)).status_code == 403
    assert "0001-4711" not in str(await trail(boss))

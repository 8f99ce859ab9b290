"""One place for all that waits for a second person: who sees what, and what they can do there."""

from dataclasses import replace

import pytest

from hub.api.application import build_application
from hub.commands.opening import OpeningLimits
from hub.config import Role
from tests.hub_api.test_watchlist import ask as ask_watch

COURT = "/api/sites/court"
WAITING = f"{COURT}/waiting"
HOUR = 3_600_000


@pytest.fixture
async def people(house):
    """One of each role; here one door is many already, and each sort of request waits once."""

    async def send(_order):
        return "0" * 32

    openings = replace(house.services.openings, limits=OpeningLimits(3, 0), send=send)
    house.services = replace(house.services, openings=openings)
    house.app = build_application(house.services, hosts=())
    wang = await house.person("wang", Role.GUARD, "court")
    li = await house.person("li", Role.SUPERVISOR, "court")
    boss = await house.person("boss", Role.ADMIN)
    now = house.clock.now()
    await house.gate("granted", credential="CARD-4711-0815")
    span = {"start": now - HOUR, "end": now + HOUR, "plain": True}
    look = (await wang.look())["look"]
    assert (await wang.post(f"{COURT}/exports?look={look}", span)).status_code == 201
    door = {"devices": ["gate-east"], "action": "open", "reason": "drill"}
    assert (await wang.post(f"{COURT}/openings", door)).status_code == 202
    assert (await ask_watch(house, li)).status_code == 201
    service = {"device": "fw-1", "condition": "pressure-low", "reason": "drained", "permit": "W-7"}
    service |= {"substitute": "fire watch", "until": now + HOUR}
    assert (await li.post(f"{COURT}/holds", service)).status_code == 201
    home = (await li.post(f"{COURT}/households", {"building": "b1", "room": "1201"})).json()["id"]
    home = (await li.post(f"{COURT}/households/{home}/people", {"name": "张三丰"})).json()
    erased = {"kind": "person", "target": home["people"][0]["id"], "reason": "moved out"}
    assert (await li.post(f"{COURT}/erasures", erased)).status_code == 201
    return wang, li, boss


async def shown(person):
    return {one["kind"]: one for one in (await person.get(WAITING)).json()}


async def counted(person):
    return (await person.get(f"{WAITING}/count")).json()


async def test_each_sees_what_waits_for_their_word_and_what_of_their_own_waits(house, people):
    wang, li, boss = people
    seen = {
        name: await shown(one) for name, one in zip(("wang", "li", "boss"), people, strict=True)
    }
    mine = {name: sorted(kind for kind, one in kinds.items() if one["mine"])
            for name, kinds in seen.items()}  # fmt: skip
    assert mine == {
        "wang": ["export", "opening"],
        "li": ["erasure", "service", "watch"],
        "boss": [],
    }
    assert set(seen["wang"]) == {"export", "opening"}
    assert set(seen["li"]) == set(seen["boss"]) == {
        "opening", "export", "watch", "service", "erasure",
    }  # fmt: skip
    assert await counted(wang) == {"decide": 0, "own": 2}
    assert await counted(li) == {"decide": 2, "own": 3}
    assert await counted(boss) == {"decide": 5, "own": 0}
    text = str(seen["boss"])
    for said in ("••••0815", "东门", "W-7", "fire watch", "1201", "张••", "明文"):
        assert said in text, said
    assert "4711" not in text
    yard = await house.person("zhao", Role.SUPERVISOR, "yard")
    assert await shown_at(yard, "yard") == {}
    assert (await yard.get(WAITING)).status_code == 404
    told = (await boss.get("/api/audit", params={"action": "waiting.read"})).json()["items"]
    assert {one["actor"] for one in told} == {"wang", "li", "boss", "zhao"}


async def shown_at(person, site):
    return {one["kind"]: one for one in (await person.get(f"/api/sites/{site}/waiting")).json()}


async def test_the_steps_that_are_offered_work_and_a_refusal_says_why(people):
    wang, li, boss = people
    for one in (await shown(boss)).values():
        no = one["actions"][1]
        assert (no["id"], no["needs"]) == ("refuse", ["note"])
        assert (await boss.post(no["post"])).status_code == 422
        assert (await boss.post(no["post"], {no["field"]: "not today"})).is_success
    assert await counted(boss) == {"decide": 0, "own": 0}
    assert await counted(li) == await counted(wang) == {"decide": 0, "own": 0}


async def test_they_are_approved_there_and_whoever_asked_takes_the_rest_back(people):
    wang, li, boss = people
    for kind in ("export", "opening"):
        yes = (await shown(li))[kind]["actions"][0]
        answer = await li.post(yes["post"], {yes["field"]: "go on"})
        assert answer.json()["state"] in {"making", "sent"}, answer.text
    assert await counted(wang) == {"decide": 0, "own": 0}
    for kind, one in (await shown(li)).items():
        (back,) = one["actions"]
        assert back["id"] == "withdraw"
        refused = await boss.post(back["post"])
        if kind != "watch":  # whoever manages the list may end what is on it
            assert refused.status_code == 409, refused.text
        assert (await li.post(back["post"])).is_success == (kind != "watch")
    assert await counted(boss) == {"decide": 0, "own": 0}
    (hold,) = (await li.get(f"{COURT}/holds?state=closed")).json()["items"]
    assert (hold["state"], hold["ended_by"], hold["approved_by"]) == ("ended", "li", None)


async def test_what_nobody_decided_on_in_time_waits_no_more(house, people):
    house.hand.pass_s(2 * HOUR / 1000)
    boss = await house.log_in("boss")
    assert set(await shown(boss)) == {"export", "erasure"}

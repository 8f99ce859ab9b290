"""Many doors with one order: a second person has to agree, and nobody agrees with themselves."""

from dataclasses import replace

import pytest

from hub.api.application import build_application
from hub.api.openings import WAITING_MS
from hub.commands.opening import OpeningLimits
from hub.config import Role
from hub.errors import UnavailableError

PATH = "/api/sites/court/openings"
ASK = {"devices": ["gate-east"], "action": "open", "reason": "fire drill"}


@pytest.fixture
def sent(house):
    """Orders that went out; here one door is many already."""
    orders = []

    async def send(order):
        orders.append(order)
        if len(orders) > 5:
            raise UnavailableError("away", code="agent-away")
        return f"{len(orders):032x}"

    openings = replace(house.services.openings, limits=OpeningLimits(3, 0), send=send)
    house.services = replace(house.services, openings=openings)
    house.app = build_application(house.services, hosts=())
    return orders


async def people(house):
    return (
        await house.person("wang", Role.GUARD, "court"),
        await house.person("zhao", Role.GUARD, "court"),
        await house.person("li", Role.SUPERVISOR, "court"),
    )


async def test_many_doors_open_when_a_second_person_agrees_and_once(house, sent):
    wang, zhao, li = await people(house)
    asked = await wang.send("POST", PATH, {**ASK, "devices": []})
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    assert asked.json()["devices"] == ["gate-east"]
    assert sent == []
    approve = f"{PATH}/{asked.json()['id']}/actions/approve"
    for person, status in ((wang, 403), (zhao, 403), (li, 200), (li, 404)):
        answer = await person.send("POST", approve)
        assert answer.status_code == status, answer.text
    (order,) = sent
    assert (order.operator, order.approved_by, order.device) == ("wang", "li", "gate-east")
    assert (await li.get(PATH)).json() == []


async def test_a_supervisor_does_not_agree_with_themselves(house, sent):
    _, _, li = await people(house)
    asked = await li.send("POST", PATH, ASK)
    answer = await li.send("POST", f"{PATH}/{asked.json()['id']}/actions/approve")
    assert (answer.status_code, answer.json()["code"]) == (409, "not-allowed")
    assert [one["id"] for one in (await li.get(PATH)).json()] == [asked.json()["id"]]
    assert sent == []


async def test_what_is_refused_or_too_old_opens_nothing(house, sent):
    wang, _, li = await people(house)
    first = (await wang.send("POST", PATH, ASK)).json()["id"]
    answer = await li.send("POST", f"{PATH}/{first}/actions/refuse")
    assert answer.status_code == 422  # whoever asked is told why
    answer = await li.send("POST", f"{PATH}/{first}/actions/refuse", {"note": "no drill today"})
    assert answer.json()["state"] == "refused"
    second = (await wang.send("POST", PATH, ASK)).json()["id"]
    house.hand.pass_s(WAITING_MS / 1000)
    for one in (first, second):
        answer = await li.send("POST", f"{PATH}/{one}/actions/approve")
        assert answer.status_code == 404
    assert sent == []


async def test_every_step_is_on_record(house, sent):
    wang, _, li = await people(house)
    one = (await wang.send("POST", PATH, ASK)).json()["id"]
    await li.send("POST", f"{PATH}/{one}/actions/approve")
    admin = await house.person("root", Role.ADMIN)
    items = (await admin.get("/api/audit?limit=50")).json()["items"]
    steps = [(row["action"], row["actor"]) for row in items if row["action"].startswith("opening")]
    assert sorted(steps) == [("opening.approve", "li"), ("opening.ask", "wang")]


async def test_in_a_fire_all_doors_open_at_once(house, sent):
    wang, _, _ = await people(house)
    await house.gate("state", fire=True)
    answer = await wang.send("POST", PATH, ASK)
    assert answer.json()["state"] == "sent"
    assert [order.device for order in sent] == ["gate-east"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"devices": ["fw-1"]}, 404),
        ({"devices": ["gate-yard"]}, 404),
        ({"devices": ["nothing"]}, 404),
        ({"action": "release"}, 422),
        ({"lease_s": 5}, 422),
        ({"action": "hold-open"}, 422),
        ({"action": "hold-open", "lease_s": 121}, 422),
        ({"reason": ""}, 422),
    ],
)
async def test_what_is_no_opening_is_refused(house, sent, change, status):
    wang, _, _ = await people(house)
    answer = await wang.send("POST", PATH, {**ASK, **change})
    assert answer.status_code == status, answer.text
    assert sent == []


async def test_a_door_that_cannot_be_reached_is_named_and_the_others_open(house, sent):
    wang, _, _ = await people(house)
    sent.extend([None] * 5)
    await house.gate("state", fire=True)
    answer = (await wang.send("POST", PATH, ASK)).json()
    assert (answer["commands"], answer["failed"]) == ({}, {"gate-east": "agent-away"})

"""Shelving, out of service, figures and the shift's note, as people at a desk see them."""

import asyncio

from hub.config import Role

COURT = "/api/sites/court"
HOUR = 3_600_000


async def only(person, **params):
    (item,) = (await person.get(f"{COURT}/alerts", params=params)).json()["items"]
    return item


def action(thing, name):
    return next(one for one in thing["actions"] if one["id"] == name)


async def low_pressure(house):
    for _ in range(4):
        await house.pressure(0.01)
        house.hand.pass_s(1)
        await asyncio.wrap_future(house.pipeline.tick(house.clock.now()))


async def test_shelving_is_offered_and_refused_with_a_reason(house):
    guard = await house.person("wang", Role.GUARD, "court")
    chief = await house.person("zhang", Role.SUPERVISOR, "court")
    await house.force_door()
    alert = await only(guard)
    assert (action(alert, "shelve")["allowed"], alert["annunciation"]) == (False, "alone")
    assert action(alert, "shelve")["why"]["en"] == "Shelving a P1 takes a supervisor"
    assert action(await only(chief), "shelve")["needs"] == ["until", "note"]
    path = f"{COURT}/alerts/{alert['id']}/actions/shelve"
    until = house.clock.now() + HOUR
    assert (await guard.post(path, {"until": until, "note": "x"})).status_code == 409
    past = await chief.post(path, {"until": house.clock.now() - 1, "note": "x"})
    assert (past.status_code, past.json()["errors"][0]["field"]) == (422, "until")
    done = await chief.post(path, {"until": until, "note": "lock being changed"})
    assert (done.json()["state"], done.json()["held_until"]) == ("shelved", until)
    (hold,) = (await guard.get(f"{COURT}/holds")).json()["items"]
    assert (hold["kind"], hold["reason"], hold["until"]) == ("shelf", "lock being changed", until)


async def test_a_life_safety_alarm_goes_out_of_service_by_two_people_and_stays_listed(house):
    guard = await house.person("wang", Role.GUARD, "court")
    chief = await house.person("zhang", Role.SUPERVISOR, "court")
    other = await house.person("li", Role.SUPERVISOR, "court")
    await low_pressure(house)
    alert = await only(guard, condition="pressure-low")
    assert action(alert, "shelve")["why"]["zh"] == "生命安全警报不能搁置"
    asked = {
        "device": "fw-1",
        "condition": "pressure-low",
        "reason": "riser drained",
        "permit": "W-17",
        "substitute": "fire watch on each floor",
        "until": house.clock.now() + 8 * HOUR,
    }
    assert (await guard.post(f"{COURT}/holds", asked)).status_code == 409
    assert (await chief.post(f"{COURT}/holds", {**asked, "device": "no"})).status_code == 422
    made = await chief.post(f"{COURT}/holds", asked)
    assert (made.status_code, made.json()["state"]) == (201, "requested")
    own = action(made.json(), "approve")
    assert (own["allowed"], own["why"]["zh"]) == (False, "须由另一人批准")
    path = f"{COURT}/holds/{made.json()['id']}/actions"
    assert (await chief.post(f"{path}/approve")).status_code == 409
    assert (await other.post(f"{path}/approve")).json()["approved_by"] == "li"
    out = await only(guard, condition="pressure-low")
    assert (out["state"], out["held_until"]) == ("out-of-service", asked["until"])
    house.hand.pass_s(8 * 3600 + 1)
    await asyncio.wrap_future(house.pipeline.tick(house.clock.now()))
    guard = await house.log_in("wang")
    assert (await only(guard, condition="pressure-low"))["state"] == "unacknowledged"


async def test_the_figures_count_what_was_told(house):
    guard = await house.person("wang", Role.GUARD, "court")
    await house.force_door()
    await low_pressure(house)
    told = (await guard.get(f"{COURT}/alarm-figures")).json()
    assert told["by_priority"] == {"P0": 1, "P1": 1, "P2": 0, "P3": 0}
    (desk,) = told["desks"]
    assert (desk["desk"]["id"], desk["alarms"], desk["busiest_10_min"]) == ("control-room", 2, 2)
    assert desk["per_10_min"] == round(2 / 144, 3)
    assert desk["desk"]["on_duty"]
    assert {(one["condition"], one["share"]) for one in told["top"]} == {
        ("door-forced", 0.5),
        ("pressure-low", 0.5),
    }
    assert (told["stale"], told["chattering"], told["holds"]) == ([], [], [])
    house.hand.pass_s(25 * 3600)
    guard = await house.log_in("wang")
    later = (await guard.get(f"{COURT}/alarm-figures")).json()
    assert len(later["stale"]) == 2
    now = house.clock.now()
    for span in ({"since": now, "until": now}, {"since": now, "until": now - 1}, {"since": 0}):
        assert (await guard.get(f"{COURT}/alarm-figures", params=span)).status_code == 422


async def test_the_next_shift_reads_why_each_alarm_is_as_it_is(house):
    guard = await house.person("wang", Role.GUARD, "court")
    await house.force_door()
    await low_pressure(house)
    door = await only(guard, condition="door-forced")
    path = f"{COURT}/alerts/{door['id']}/actions"
    await guard.post(f"{path}/acknowledge", {"note": "locksmith comes at nine"})
    note = (await guard.get(f"{COURT}/handover")).json()
    said = {one["alert"]["condition"]: (one["note"], one["noted_by"]) for one in note["alarms"]}
    assert said["door-forced"] == ("locksmith comes at nine", "wang")
    assert said["pressure-low"] == (None, None)
    assert note["waiting"] == 1
    assert (await guard.post(f"{path}/note", {"note": " "})).status_code == 422
    assert (await guard.post(f"{path}/note", {"note": "delayed to ten"})).status_code == 200
    note = (await guard.get(f"{COURT}/handover")).json()
    assert "delayed to ten" in [one["note"] for one in note["alarms"]]


async def test_children_are_reached_from_their_parent(house):
    guard = await house.person("wang", Role.GUARD, "court")
    await house.force_door()
    alert = await only(guard)
    found = await guard.get(f"{COURT}/alerts", params={"parent": alert["id"]})
    assert found.json()["items"] == []

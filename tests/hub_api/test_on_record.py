"""Looks, acts and refusals on the audit trail; the trail's own wholeness; accounts."""

import pytest
from sqlalchemy import text

from hub.config import Role

COURT = "/api/sites/court"
FULL = "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END"
SHORT = {"name": "x", "role": "guard", "sites": ["*"], "password": "short"}


async def trail(person, **params):
    return (await person.get("/api/audit", params=params)).json()["items"]


async def test_a_look_at_passages_is_on_record_with_its_purpose_and_masked(house):
    guard = await house.person("wang", Role.GUARD, "court")
    boss = await house.person("boss", Role.ADMIN)
    await house.gate("granted", credential="CARD-4711-0815", direction="in", method="card")
    params = {"look": "0" * 32, "device": "gate-east"}
    assert (await guard.get(f"{COURT}/passages", params=params)).status_code == 422
    assert (await guard.get(f"{COURT}/passages")).status_code == 422
    assert await trail(boss, action="passage.look") == []
    params |= await guard.look()
    answer = await guard.get(f"{COURT}/passages", params=params)
    (passage,) = answer.json()["items"]
    assert (passage["result"], passage["direction"]) == ("granted", "in")
    assert passage["credential"] == "••••0815"
    assert "4711-" not in answer.text
    assert len(passage["subject"]) == 12
    (look,) = await trail(boss, action="passage.look")
    assert (look["actor"], look["chain"], look["object"]) == ("wang", "court", "gate-east")
    assert look["detail"]["purpose"] == "device-check"
    assert look["detail"]["subjects"] == [passage["subject"]]


async def test_no_look_is_answered_that_could_not_be_put_on_record(house):
    guard = await house.person("wang", Role.GUARD, "court")
    look = await guard.look()
    with house.store.writer.connect() as connection, connection.begin():
        connection.execute(text(FULL))
    answer = await guard.get(f"{COURT}/passages", params=look)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


async def test_acts_and_refused_acts_are_on_record(house):
    guard = await house.person("wang", Role.GUARD, "court")
    boss = await house.person("boss", Role.ADMIN)
    await house.force_door()
    (alert,) = (await guard.get(f"{COURT}/alerts")).json()["items"]
    path = f"{COURT}/alerts/{alert['id']}/actions/acknowledge"
    await guard.post(path)
    await guard.post(path)
    command = {"action": "open", "reason": "a delivery"}
    await guard.post(f"{COURT}/devices/gate-east/commands", command)
    told = [(one["action"], one["outcome"]) for one in await trail(boss, chain="court")]
    assert told[::-1] == [
        ("alert.acknowledge", "ok"),
        ("alert.acknowledge", "not-allowed"),
        ("command.open", "begun"),
        ("command.open", "agent-away"),
    ]


async def test_sensitive_signals_are_redacted_for_integrators_too(house):
    boss = await house.person("boss", Role.ADMIN)
    await house.gate("granted", credential="CARD-4711-0815")
    answer = await boss.get(f"{COURT}/observations", params={"lane": "event"})
    (one,) = answer.json()["items"]
    assert one["signals"] == {"event": "granted", "credential": "redacted"}
    assert (one["seq"], one["index"], one["device"]) == (1, 0, "gate-east")


async def test_a_whole_trail_is_found_whole_and_a_changed_one_is_named(house):
    boss = await house.person("boss", Role.ADMIN)
    guard = await house.person("wang", Role.GUARD)
    await guard.post("/api/logout")
    checks = {one["chain"]: one for one in (await boss.get("/api/audit/chains")).json()}
    assert set(checks) == {"_system", "court", "yard"}
    assert all(one["whole"] for one in checks.values())
    assert checks["_system"]["entries"] >= 5
    with house.store.writer.connect() as connection, connection.begin():
        connection.execute(text("UPDATE audit SET actor = 'li' WHERE id = 3"))
    checks = {one["chain"]: one for one in (await boss.get("/api/audit/chains")).json()}
    assert (checks["_system"]["whole"], checks["_system"]["first_bad"]) == (False, 3)
    with house.store.writer.connect() as connection, connection.begin():
        connection.execute(text("DELETE FROM audit WHERE id = 2"))
    checks = {one["chain"]: one for one in (await boss.get("/api/audit/chains")).json()}
    assert checks["_system"]["first_bad"] == 3


async def test_an_admin_of_one_site_sees_its_trail_and_users_only(house):
    part = await house.person("part", Role.ADMIN, "court")
    await house.person("li", Role.GUARD, "yard")
    assert await trail(part) == []
    assert [one["chain"] for one in (await part.get("/api/audit/chains")).json()] == ["court"]
    assert [one["name"] for one in (await part.get("/api/users")).json()] == ["part"]
    assert [one["id"] for one in (await part.get("/api/sites")).json()] == ["court"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/users", {"name": "x", "role": "admin", "sites": ["*"]}, 403),
        ("POST", "/api/users", {"name": "x", "role": "guard", "sites": ["yard"]}, 403),
        ("POST", "/api/users", {"name": "x", "role": "guard", "sites": ["court"]}, 201),
        ("PATCH", "/api/users/boss", {"reset_password": True}, 403),
        ("PATCH", "/api/users/part", {"sites": ["*"]}, 403),
        ("PATCH", "/api/users/nobody", {"disabled": True}, 404),
    ],
)
async def test_nobody_makes_an_account_that_may_more_than_themselves(
    house, method, path, body, status
):
    await house.make_user("boss", Role.ADMIN)
    part = await house.person("part", Role.ADMIN, "court")
    assert (await part.send(method, path, body)).status_code == status


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": "boss", "role": "guard", "sites": ["*"]}, 409, "name-taken"),
        ({"name": "hub", "role": "guard", "sites": ["*"]}, 422, "bad-request"),
        ({"name": "x", "role": "guard", "sites": ["nowhere"]}, 422, "bad-request"),
        ({"name": "x", "role": "guard", "sites": []}, 422, "bad-request"),
        ({"name": "X y", "role": "guard", "sites": ["*"]}, 422, "invalid-request"),
        ({"name": "x", "role": "king", "sites": ["*"]}, 422, "invalid-request"),
        (SHORT, 422, "invalid-request"),
    ],
)
async def test_accounts_that_are_not_made(house, body, status, code):
    boss = await house.person("boss", Role.ADMIN)
    answer = await boss.post("/api/users", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert len((await boss.get("/api/users")).json()) == 1


async def test_the_last_admin_of_all_sites_stays(house):
    boss = await house.person("boss", Role.ADMIN)
    for change in ({"disabled": True}, {"role": "guard"}, {"sites": ["court"]}):
        answer = await boss.send("PATCH", "/api/users/boss", change)
        assert (answer.status_code, answer.json()["code"]) == (409, "last-admin")

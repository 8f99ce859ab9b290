"""People whom the organisation limits: through commands, lists, streams and bytes."""

import shutil

import pytest

from hub.api import event_stream
from hub.config import Role
from tests.hub_api.house import until
from tests.hub_api.streaming import listening, served
from tests.shipped import CONFIGS

RIGHTS = """
[[group]]
id = "east"
name = { zh = "东", en = "East" }
devices = ["court/gate-east", "court/cam-1"]

[[limit]]
id = "contractors"
name = { zh = "外包", en = "Contractors" }
accounts = ["mei"]

[[limit.allow]]
permissions = ["device.command"]
actions = ["open"]
groups = ["east"]
from = "08:00"
to = "18:00"

[[limit.allow]]
permissions = ["live.look", "evidence.look"]
groups = ["east"]

[[limit.allow]]
permissions = ["site.read"]
from = "08:00"
to = "18:00"

[[limit]]
id = "night"
name = { zh = "夜班", en = "Night" }
accounts = ["deputy"]

[[limit.allow]]
permissions = ["user.manage", "site.read"]
"""
COURT = "/api/sites/court"
TO_18_H = (18 - 16) * 3600 - 53 * 60 - 20
"""The house opens at 16:53:20 on the organisation's clock."""


@pytest.fixture
def empty_database(tmp_path, empty_database):
    """Before the house is opened, so that it finds this organisation."""
    shutil.copytree(CONFIGS / "org", tmp_path / "org")
    (tmp_path / "org" / "rights.toml").write_text(RIGHTS, encoding="utf-8")
    return empty_database


async def order(person, device, action="open", **more):
    body = {"action": action, "reason": "delivery", **more}
    answer = await person.post(f"{COURT}/devices/{device}/commands", body)
    return answer.status_code, answer.json()["code"]


async def pass_in_use(house, seconds, *people):
    """Time in which nobody's session idles."""
    while seconds > 0:
        house.hand.pass_s(min(seconds, 1200))
        seconds -= 1200
        for person in people:
            assert (await person.get("/api/me")).status_code == 200


async def test_a_contractor_opens_one_gate_in_working_hours_and_nothing_else(house):
    mei = await house.person("mei", Role.SUPERVISOR, "court")
    free = await house.person("wang", Role.SUPERVISOR, "court")
    assert await order(mei, "gate-east") == (503, "agent-away")
    assert await order(mei, "gate-east", "hold-open", lease_s=30) == (403, "limited")
    assert await order(mei, "fw-1") == (403, "limited")
    devices = {one["id"]: one for one in (await mei.get(f"{COURT}/devices")).json()}
    offered = {one["id"]: one for one in devices["gate-east"]["actions"]}
    assert offered["open"]["allowed"]
    assert offered["hold-open"]["why"]["en"] == "Outside what you may do, or when"
    await pass_in_use(house, TO_18_H - 1, mei, free)
    assert await order(mei, "gate-east") == (503, "agent-away")
    house.hand.pass_s(1)
    assert await order(mei, "gate-east") == (403, "limited")
    assert await order(free, "gate-east") == (503, "agent-away")
    assert (await mei.get("/api/me")).status_code == 200


async def test_bytes_are_limited_by_the_device_that_the_address_names(house):
    mei = await house.person("mei", Role.GUARD, "court")
    answer = await mei.get(f"{COURT}/devices/fw-1/live")
    assert (answer.status_code, answer.json()["code"]) == (403, "limited")
    answer = await mei.get(f"{COURT}/evidence/{'0' * 32}/content")
    assert (answer.status_code, answer.json()["code"]) == (403, "limited")
    answer = await mei.get(f"{COURT}/devices/gate-east/live")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")  # let in: no camera


async def test_who_is_limited_makes_and_takes_over_no_account_without_limits(house):
    deputy = await house.person("deputy", Role.ADMIN)
    await house.make_user("wang", Role.GUARD, "court")
    new = {"name": "free", "role": "admin", "sites": ["court"]}
    answer = await deputy.post("/api/users", new)
    assert (answer.status_code, answer.json()["code"]) == (403, "limited")
    for change in ({"reset_password": True}, {"role": "admin"}):
        answer = await deputy.send("PATCH", "/api/users/wang", change)
        assert (answer.status_code, answer.json()["code"]) == (403, "limited")
    answer = await deputy.post("/api/users/wang/second-factor/reset")
    assert (answer.status_code, answer.json()["code"]) == (403, "limited")


@pytest.mark.socket
async def test_a_stream_ends_with_the_hours_in_which_it_may_be_read(house, monkeypatch):
    monkeypatch.setattr(event_stream, "PING_S", 0.05)
    async with served(house) as url:
        mei = await house.person("mei", Role.GUARD, "court")
        async with listening(url, mei) as heard:
            await until(lambda: len(heard.of("ping")) >= 2, within_s=45)
            assert not heard.over.is_set()
            await pass_in_use(house, TO_18_H, mei)
            await until(heard.over.is_set, within_s=45)
        answer = await mei.get(f"{COURT}/snapshot")
        assert (answer.status_code, answer.json()["code"]) == (403, "limited")

"""People of a department or a contractor: of cases they see, and act on, those that concern it."""

import pytest

from hub.config import Role
from tests.hub_api.test_api_tokens import make, script
from tests.hub_api.test_photos import photo_of

CASES = "/api/sites/court/cases"
CONTRACTOR = "elevator-maintenance"


@pytest.fixture
async def boss(house):
    return await house.person("boss", Role.ADMIN)


async def worker(house, boss, name, department, role="guard"):
    asked = {"name": name, "role": role, "sites": ["court"], "department": department}
    made = await boss.post("/api/users", asked)
    assert made.status_code == 201, made.text
    house._passwords[name] = made.json()["password"]
    return await house.log_in(name)


async def opened(boss, category="fire-door"):
    asked = {"category": category, "title": "防火门", "note": "关不上"}
    return (await boss.post(CASES, asked)).json()["id"]


async def do(person, case, action, **given):
    return await person.post(f"{CASES}/{case}/actions/{action}", given)


def may(case):
    return {one["id"] for one in case["actions"] if one["allowed"]}


async def seen(person):
    return {one["id"] for one in (await person.get(CASES)).json()["items"]}


async def test_a_contractor_sees_and_handles_what_it_was_sent_and_nothing_else(house, boss):
    fitter = await worker(house, boss, "fitter", CONTRACTOR)
    assert (await fitter.get("/api/me")).json()["user"]["department"] == CONTRACTOR
    mine, other = await opened(boss), await opened(boss)
    assert await seen(fitter) == set()
    assert (await do(boss, mine, "dispatch-direct", department=CONTRACTOR)).is_success
    assert await seen(fitter) == {mine}
    snapshot = (await fitter.get("/api/sites/court/snapshot")).json()
    assert [one["id"] for one in snapshot["cases"]] == [mine]
    assert (await fitter.get(f"{CASES}/{other}")).status_code == 404
    assert (await do(fitter, other, "comment", note="x")).status_code == 404
    assert (await do(fitter, mine, "start")).is_success
    photo = await photo_of(fitter)
    done = await do(fitter, mine, "comment", note="如图", photos=[photo])
    assert done.is_success, done.text
    assert (await fitter.get(f"/api/sites/court/evidence/{photo}/content")).status_code == 200
    made = await make(house, fitter, "site.read")
    by_token = await script(house, made.json()["credential"])
    assert [one["id"] for one in (await by_token.get(CASES)).json()["items"]] == [mine]
    assert (await do(boss, mine, "redispatch", department="property", note="x")).is_success
    assert await seen(fitter) == set()  # it is somebody else's now


async def test_the_department_that_watches_may_press_but_not_handle_and_a_helper_reports_its_part(
    house, boss
):
    case = await opened(boss)
    lead = (await boss.get(f"{CASES}/{case}")).json()["category"]
    watcher = await worker(house, boss, "watcher", "property", "supervisor")
    helper = await worker(house, boss, "helper", "police")
    assert lead == "fire-door"  # led by the property
    assert (await do(boss, case, "dispatch-direct", department=CONTRACTOR)).is_success
    watched = (await watcher.get(f"{CASES}/{case}")).json()
    assert may(watched) == {"comment", "supervise", "redispatch", "call-in"}
    why = next(one["why"] for one in watched["actions"] if one["id"] == "start")
    assert "not for your department" in why["en"]
    assert (await do(watcher, case, "start")).status_code == 409
    assert (await do(watcher, case, "call-in", helpers=["police"])).is_success
    assert may((await helper.get(f"{CASES}/{case}")).json()) == {"comment", "report-part"}
    wrong = await do(helper, case, "report-part", department="property", note="x")
    assert wrong.status_code == 422
    assert (await do(helper, case, "report-part", department="police", note="到场")).is_success


async def test_other_peoples_evidence_traces_alarms_and_accounts_are_not_for_them(house, boss):
    admin = await worker(house, boss, "fitter", CONTRACTOR, "admin")
    case = await opened(boss)
    photo = await photo_of(boss)
    assert (await do(boss, case, "comment", note="x", photos=[photo])).is_success
    for path, status in [
        (f"/api/sites/court/evidence/{photo}/content", 404),
        (f"/api/sites/court/evidence?case={case}", 404),
        ("/api/sites/court/evidence", 404),
        ("/api/sites/court/analysis", 403),
        ("/api/users", 403),
        ("/api/audit", 403),
    ]:
        assert (await admin.get(path)).status_code == status, path
    refused = await admin.post(CASES, {"category": "fire-door", "title": "x", "note": "x"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not-your-department")


async def test_a_department_is_of_the_catalogue_and_the_last_admin_belongs_to_none(house, boss):
    bad = await boss.post(
        "/api/users", {"name": "x", "role": "guard", "sites": ["*"], "department": "no-such"}
    )
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, "department")
    last = await boss.send("PATCH", "/api/users/boss", {"department": "property"})
    assert (last.status_code, last.json()["code"]) == (409, "last-admin")
    await worker(house, boss, "fitter", CONTRACTOR)
    changed = await boss.send("PATCH", "/api/users/fitter", {"department": ""})
    assert changed.json()["user"]["department"] is None

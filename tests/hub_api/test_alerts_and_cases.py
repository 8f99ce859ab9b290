"""What a guard and a supervisor do through the API, on the real pipeline."""

import pytest

from hub.config import Role

COURT = "/api/sites/court"


async def only(person, path, **params):
    (item,) = (await person.get(f"{COURT}/{path}", params=params)).json()["items"]
    return item


async def test_a_forced_door_goes_from_alert_to_closed_case(house):
    guard = await house.person("wang", Role.GUARD, "court")
    chief = await house.person("zhang", Role.SUPERVISOR, "court")
    await house.force_door()
    alert = await only(guard, "alerts")
    path = f"{COURT}/alerts/{alert['id']}/actions/acknowledge"
    seen = await guard.post(path, {"version": alert["version"], "note": "on my way"})
    assert (seen.json()["state"], seen.json()["acknowledged_by"]) == ("acknowledged", "wang")
    case = f"{COURT}/cases/{alert['case']}/actions"
    standard = (await guard.get(f"{COURT}/cases/{alert['case']}")).json()["standard"]
    for person, action, body in (
        (guard, "take", {}),
        (guard, "report-part", {"department": "police", "note": "nobody inside"}),
        (guard, "report", {"resolution": "resolved", "note": "locked again"}),
        *[(guard, "tick", {"item": one["id"]}) for one in standard],
        (chief, "close", {}),
        (chief, "assess", {"note": "quick"}),
        (chief, "rate", {"rating": 5}),
    ):
        answer = await person.post(f"{case}/{action}", body)
        assert answer.status_code == 200, (action, answer.text)
    told = (await guard.get(f"{COURT}/cases/{alert['case']}")).json()
    assert (told["state"], told["resolution"], told["rating"]) == ("rated", "resolved", 5)
    steps = [(step["actor"], step["action"]) for step in told["history"]]
    assert steps[1:] == [
        ("wang", "take"),
        ("wang", "report-part"),
        ("wang", "report"),
        *[("wang", "tick")] * len(standard),
        ("zhang", "close"),
        ("zhang", "assess"),
        ("zhang", "rate"),
    ]
    assert [one["by"] for one in told["standard"]] == ["wang"] * len(standard)
    assert [one["id"] for one in told["alerts"]] == [alert["id"]]
    history = (await guard.get(f"{COURT}/alerts/{alert['id']}")).json()["history"]
    assert [step["note"] for step in history if step["actor"] == "wang"] == ["on my way"]


async def test_the_case_flow_says_which_role_an_action_takes(house):
    guard = await house.person("wang", Role.GUARD, "court")
    await house.force_door()
    case = await only(guard, "cases")
    reject = next(action for action in case["actions"] if action["id"] == "reject")
    assert (reject["allowed"], reject["needs"]) == (False, ["note"])
    assert reject["why"]["zh"]
    answer = await guard.post(f"{COURT}/cases/{case['id']}/actions/reject", {"note": "no"})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    ("action", "body", "status", "code"),
    [
        ("take", {"version": 99}, 409, "stale-version"),
        ("start", {}, 409, "not-allowed"),
        ("take", {"rating": 6}, 422, "invalid-request"),
        ("fly", {}, 404, "not-found"),
        ("comment", {}, 422, "bad-request"),
        ("take", {"colour": "red"}, 422, "invalid-request"),
    ],
)
async def test_what_a_case_refuses(house, action, body, status, code):
    guard = await house.person("wang", Role.GUARD, "court")
    await house.force_door()
    case = await only(guard, "cases")
    answer = await guard.post(f"{COURT}/cases/{case['id']}/actions/{action}", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await only(guard, "cases"))["version"] == case["version"]


async def test_an_alert_of_another_site_is_not_found_through_ones_own(house):
    guard = await house.person("li", Role.GUARD, "yard")
    chief = await house.person("zhang", Role.SUPERVISOR)
    await house.force_door()
    alert = await only(chief, "alerts")
    for site, status in (("yard", 404), ("court", 404)):
        path = f"/api/sites/{site}/alerts/{alert['id']}"
        assert (await guard.get(path)).status_code == status
        assert (await guard.post(f"{path}/actions/acknowledge")).status_code == status
        case = f"/api/sites/{site}/cases/{alert['case']}"
        assert (await guard.get(case)).status_code == status
        assert (await guard.post(f"{case}/actions/take")).status_code == status
    assert (await only(chief, "alerts"))["state"] == "unacknowledged"


async def test_a_case_opened_by_hand(house):
    guard = await house.person("wang", Role.GUARD, "court")
    categories = (await guard.get("/api/categories")).json()
    category = next(one for one in categories if one["manual"])
    body = {"category": category["id"], "title": "楼道堆物", "note": "三楼", "device": "gate-east"}
    made = await guard.post(f"{COURT}/cases", body)
    assert made.status_code == 201
    assert made.json()["title"] == {"zh": "楼道堆物", "en": "楼道堆物"}
    assert made.json()["place"]["en"] == "East post"
    nowhere = await guard.post(f"{COURT}/cases", {**body, "device": "gate-north"})
    assert nowhere.status_code == 404


async def test_alerts_page_by_page_are_all_alerts_once(house):
    guard = await house.person("wang", Role.GUARD, "court")
    for _ in range(7):
        await house.force_door()
        await house.gate("closed", open=False)
        house.hand.pass_s(100)
    everything = (await guard.get(f"{COURT}/alerts", params={"state": "all"})).json()
    assert everything["next"] is None
    paged, cursor = [], None
    while True:
        params = {"state": "all", "limit": 2} | ({"before": cursor} if cursor else {})
        page = (await guard.get(f"{COURT}/alerts", params=params)).json()
        paged += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
        assert len(page["items"]) == 2
    assert [one["id"] for one in paged] == [one["id"] for one in everything["items"]]
    assert len({one["id"] for one in paged}) == len(paged) >= 3
    times = [one["at"] for one in paged]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("cursor", ["x", "W10", "WyJhIl0", "bm90IGpzb24", "W251bGwsbnVsbF0", "é"])
async def test_a_cursor_that_is_not_ours_is_refused(house, cursor):
    guard = await house.person("wang", Role.GUARD, "court")
    answer = await guard.get(f"{COURT}/alerts", params={"before": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-request")


async def test_a_snapshot_fits_its_cursor(house):
    guard = await house.person("wang", Role.GUARD, "court")
    await house.force_door()
    snapshot = (await guard.get(f"{COURT}/snapshot")).json()
    assert [one["condition"] for one in snapshot["alerts"]] == ["door-forced"]
    assert len(snapshot["cases"]) == 1
    assert snapshot["cursor"] == house.feed.position("court") > 0
    gate = next(one for one in snapshot["devices"] if one["id"] == "gate-east")
    assert (gate["state"], gate["alerts"]) == ("ok", 1)
    assert [action["id"] for action in gate["actions"]] == ["open", "hold-open", "release"]
    water = next(one for one in snapshot["devices"] if one["id"] == "fw-1")
    assert water["state"] == "unknown"
    assert water["limits"]["pressure"]["low"] == pytest.approx(0.07, abs=0.05)
    assert snapshot["counters"]["stored"] == 1


async def test_telemetry_in_buckets_with_its_limits(house):
    guard = await house.person("wang", Role.GUARD, "court")
    for value in (0.30, 0.32, 0.34):
        await house.pressure(value)
        house.hand.pass_s(10)
    path = f"{COURT}/devices/fw-1/telemetry"
    told = (await guard.get(path, params={"signal": "pressure", "points": 1})).json()
    assert told["unit"] == "MPa"
    ((_, low, mean, high),) = told["points"]
    assert (low, mean, high) == (0.30, pytest.approx(0.32), 0.34)
    for signal, status in (("colour", 404), ("pressure", 422)):
        params = {"signal": signal, "from": 5, "to": 5}
        assert (await guard.get(path, params=params)).status_code == status

"""The switch between peace and emergency from outside."""

from hub.config import Role

HOUR = 3_600_000


async def test_a_mode_is_switched_shown_everywhere_and_ended_on_record(house):
    boss = await house.person("chen", Role.SUPERVISOR, "court")
    guard = await house.person("wang", Role.GUARD, "court")
    cards = {one["id"]: one for one in (await guard.get("/api/modes")).json()}
    assert cards["flood"]["alarms"][0]["usual"] == "P2"
    until = house.clock.now() + HOUR
    asked = {"mode": "flood", "reason": "typhoon", "until": until}
    assert (await guard.post("/api/sites/court/modes", asked)).status_code == 403
    assert (await boss.post("/api/sites/yard/modes", asked)).status_code == 404
    made = await boss.post("/api/sites/court/modes", asked)
    assert made.status_code == 201, made.text
    one = made.json()
    assert (one["tone"], one["area"], one["begun_by"]) == ("emergency", "*", "chen")
    assert all(action["allowed"] for action in one["actions"])
    again = await boss.post("/api/sites/court/modes", asked)
    assert (again.status_code, again.json()["code"]) == (409, "mode-in-force")
    seen = (await guard.get("/api/sites/court/snapshot")).json()["modes"]
    assert [row["id"] for row in seen] == [one["id"]]
    assert not any(action["allowed"] for action in seen[0]["actions"])
    path = f"/api/sites/court/modes/{one['id']}/actions/end"
    assert (await boss.post(path, {"reason": ""})).status_code == 422
    over = await boss.post(path, {"reason": "dry", "version": one["version"]})
    assert over.json()["over"] == "dry"
    refused = await boss.post(path, {"reason": "dry"})
    assert (refused.status_code, refused.json()["code"]) == (409, "not-allowed")
    admin = await house.person("root", Role.ADMIN)
    acts = [row["action"] for row in (await admin.get("/api/audit?site=court")).json()["items"]]
    assert {"mode.begin", "mode.end"} <= set(acts)
    assert (await guard.get("/api/sites/court/modes?state=all")).json()["items"][0]["ended_at"]

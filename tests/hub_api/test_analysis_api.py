"""Analysis, reports and their PDF from outside: by role, and on record where persons are shown."""

import asyncio

from hub.config import Role
from hub.pipeline import OpenCase
from hub.pipeline.acts import ReportCase
from hub.store.write.reports import ReportKey
from wire import Text


async def complain(house, number, person="138-0013 8000"):
    title = Text(zh="堵塞", en="Blocked")
    case = OpenCase("court", "fire-lane", title, "li", "boxes", place=Text.plain("1号楼"))
    act = ReportCase(case, ReportKey("m" * 16, f"key-{number:05}", "0" * 64), person=person)
    await asyncio.wrap_future(house.pipeline.act(act, house.clock.now()))


async def test_analysis_tells_matters_to_supervisors_and_persons_for_a_purpose_on_record(house):
    for number, person in enumerate(["13800138000", "138-0013-8000", "138 0013 8000"]):
        house.hand.pass_s(3600)
        await complain(house, number, person)
    house.hand.pass_s(60)
    guard = await house.person("wang", Role.GUARD, "court")
    boss = await house.person("chen", Role.SUPERVISOR, "court")
    assert (await guard.get("/api/sites/court/analysis")).status_code == 403
    found = (await boss.get("/api/sites/court/analysis")).json()
    assert (found["score"]["opened"], found["persons"], found["complaints"]) == (3, 1, 3)
    assert found["matters"][0]["count"] == 3
    assert found["hot"][0]["trend"][-1] == 3
    path = "/api/sites/court/analysis/persons"
    assert (await boss.get(path)).status_code == 422
    assert (await boss.get(path)).status_code == 422
    (one,) = (await boss.get(path, params=await boss.look())).json()
    assert (one["count"], one["categories"][0]["count"]) == (3, 3)
    assert "138" not in one["person"] or len(one["person"]) == 16
    admin = await house.person("root", Role.ADMIN)
    entries = (await admin.get("/api/audit?site=court")).json()["items"]
    looks = [row for row in entries if row["action"] == "analysis.persons"]
    assert [row["detail"]["purpose"] for row in looks] == ["device-check"]
    assert (await boss.get("/api/sites/court/analysis?since=5&until=4")).status_code == 422


async def test_a_report_is_made_on_demand_listed_and_downloaded_as_pdf(house):
    await complain(house, 1)
    house.hand.pass_s(60)
    boss = await house.person("chen", Role.SUPERVISOR, "court")
    made = await boss.post("/api/sites/court/bulletins", {"kind": "weekly"})
    assert made.status_code == 201, made.text
    name = made.json()["id"]
    assert made.json()["figures"]["score"]["opened"] == 1
    listed = (await boss.get("/api/sites/court/bulletins")).json()["items"]
    assert [(row["id"], row["made_by"]) for row in listed] == [(name, "chen")]
    for language in ("zh", "en"):
        answer = await boss.get(f"/api/sites/court/bulletins/{name}/pdf?language={language}")
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
    other = await house.person("zhao", Role.ADMIN, "yard")
    assert (await other.get(f"/api/sites/yard/bulletins/{name}")).status_code == 404
    assert (await boss.get("/api/sites/court/bulletins/none/pdf")).status_code == 404

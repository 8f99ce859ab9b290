"""Through the API: dispatch, dispute, joint handling, mergers and links, and what is refused."""

import asyncio

import pytest

from hub.config import Role

COURT = "/api/sites/court"


@pytest.fixture
async def desk(house):
    return Desk(
        await house.person("wang", Role.GUARD, "court"),
        await house.person("zhang", Role.SUPERVISOR, "court"),
    )


class Desk:
    def __init__(self, guard, chief):
        self.guard, self.chief = guard, chief

    async def report(self, category="fire-door", **more):
        body = {"category": category, "title": "常开", "note": "三楼", "device": "fw-1"} | more
        answer = await self.guard.post(f"{COURT}/cases", body)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    async def do(self, case, action, /, *, by=None, status=200, **given):
        path = f"{COURT}/cases/{case}/actions/{action}"
        answer = await (by or self.chief).post(path, given)
        assert answer.status_code == status, answer.text
        return await self.look(case) if status == 200 else answer.json()

    async def look(self, case):
        return (await self.guard.get(f"{COURT}/cases/{case}")).json()


async def test_departments_are_listed_and_a_dispatch_names_one(desk):
    told = (await desk.guard.get("/api/departments")).json()
    contractors = {one["id"] for one in told if one["contractor"]}
    assert {"elevator-maintenance", "device-maintenance"} <= contractors
    case = await desk.report()
    await desk.do(case, "accept")
    refused = await desk.do(case, "dispatch", department="moon", status=422)
    assert refused["errors"][0]["field"] == "department"
    sent = await desk.do(case, "dispatch", department="street", assignee="chen")
    assert (sent["state"], sent["department_name"]["zh"]) == ("dispatched", "街道办事处")
    step = sent["history"][-1]
    assert step["detail"]["department_name"]["en"] == "Street office"


async def test_a_grid_officer_sends_straight_to_a_contractor(desk):
    case = await desk.report()
    given = {"department": "device-maintenance"}
    sent = await desk.do(case, "dispatch-direct", by=desk.guard, **given)
    assert sent["watcher_name"]["en"] == "Property services"
    not_direct = await desk.report("fire-lane")
    refused = await desk.do(not_direct, "dispatch-direct", by=desk.guard, status=409, **given)
    assert refused["code"] == "not-allowed"
    assert "须经部门派遣" in refused["why"]["zh"]
    assert refused["detail"] == refused["why"]["en"]


async def test_a_dispute_goes_up_a_unit_and_is_settled_there(desk):
    case = await desk.report()
    await desk.do(case, "accept")
    before = await desk.do(case, "dispatch")
    raised = await desk.do(case, "dispute", by=desk.guard, note="not ours")
    assert raised["disputed_by"] == "wang"
    assert raised["due_at"] == before["due_at"]
    assert raised["unit"] != before["unit"]
    seen = (await desk.chief.get(f"{COURT}/cases/{case}")).json()
    offers = {one["id"]: one for one in seen["actions"]}
    assert (offers["dispatch"]["allowed"], offers["settle"]["allowed"]) == (False, True)
    settled = await desk.do(case, "settle", department="street", note="by law")
    assert (settled["disputed_by"], settled["department"]) == (None, "street")


async def test_a_joint_case_tells_who_has_reported(desk):
    case = await desk.report("fire-water")
    taken = await desk.do(case, "take", by=desk.guard)
    assert [(one["department"], one["lead"]) for one in taken["parties"]] == [
        ("property", True),
        ("fire-service", False),
        ("water-company", False),
    ]
    report = {"resolution": "resolved", "note": "pump on"}
    refused = await desk.do(case, "report", by=desk.guard, status=422, **report)
    assert refused["errors"][0]["field"] == "without"
    part = {"department": "water-company", "note": "valve opened"}
    await desk.do(case, "report-part", by=desk.guard, **part)
    done = await desk.do(case, "report", by=desk.guard, without="not called", **report)
    assert done["state"] == "verifying"
    assert done["history"][-1]["detail"]["missing_names"] == [
        {"zh": "消防救援站", "en": "Fire service"}
    ]


async def test_a_duplicate_is_merged_into_its_lead_and_taken_out_again(desk):
    lead, double = await desk.report("fire-lane"), await desk.report()
    await desk.do(double, "comment", by=desk.guard, note="seen again")
    merged = await desk.do(double, "merge", case=lead)
    assert (merged["state"], merged["resolution"], merged["lead"]["id"]) == (
        "merged",
        "duplicate",
        lead,
    )
    stands = await desk.look(lead)
    assert [one["id"] for one in stands["merged"]] == [double]
    assert stands["history"][-1]["action"] == "merged-in"
    assert stands["history"][-1]["detail"]["number"] == merged["number"]
    assert [one["action"] for one in merged["history"]] == ["discover", "comment", "merge"]
    again = await desk.do(double, "merge", case=lead, status=409)
    assert "并案" in again["why"]["zh"]
    back = await desk.do(double, "unmerge", note="another door")
    assert (back["state"], back["lead"], back["closed_at"]) == ("accepted", None, None)
    assert (await desk.look(lead))["merged"] == []


async def test_a_merger_is_refused_with_the_reason_why(desk):
    lead, double, third = [await desk.report() for _ in range(3)]
    assert (await desk.do(double, "merge", case=double, status=422))["errors"]
    assert (await desk.do(double, "merge", case="0" * 16, status=422))["errors"]
    await desk.do(double, "merge", case=lead)
    into_merged = await desk.do(third, "merge", case=double, status=409)
    assert "并案" in into_merged["why"]["zh"]
    leads = await desk.do(lead, "merge", case=third, status=409)
    assert "已有案件并入本案" in leads["why"]["zh"]
    await desk.do(lead, "accept")
    await desk.do(lead, "close-directly", resolution="not-found", note="x")
    late = await desk.do(double, "unmerge", note="x", status=409)
    assert "先重新打开主案" in late["why"]["zh"]
    await desk.do(lead, "reopen", note="x")
    await desk.do(double, "unmerge", note="x")


async def test_the_lead_is_as_urgent_as_the_most_urgent_of_its_cases(desk):
    lead, double = await desk.report("fire-door"), await desk.report("fire-water")
    await desk.do(double, "merge", case=lead)
    assert (await desk.look(lead))["priority"] == "P0"


async def test_a_link_shows_both_ways_and_is_taken_away_from_either_side(desk):
    one, other = await desk.report(), await desk.report()
    await desk.do(one, "link", by=desk.guard, case=other)
    assert [(await desk.look(case))["links"][0]["id"] for case in (one, other)] == [other, one]
    again = await desk.do(other, "link", case=one, status=409)
    assert "已经关联" in again["why"]["zh"]
    await desk.do(other, "unlink", by=desk.guard, case=one)
    for case in (one, other):
        seen = await desk.look(case)
        assert seen["links"] == []
        assert [step["action"] for step in seen["history"]] == ["discover", "link", "unlink"]
    assert (await desk.do(one, "unlink", case=other, status=409))["why"]["zh"]


async def test_of_two_who_act_at_once_one_wins_and_the_other_is_told(desk):
    case = await desk.report()
    path = f"{COURT}/cases/{case}/actions"
    body = {"version": 1}
    answers = await asyncio.gather(
        desk.guard.post(f"{path}/take", body),
        desk.chief.post(f"{path}/accept", body),
        desk.chief.post(f"{path}/reject", body | {"note": "x"}),
    )
    statuses = sorted(one.status_code for one in answers)
    assert statuses == [200, 409, 409]
    codes = {one.json()["code"] for one in answers if one.status_code == 409}
    assert codes == {"stale-version"}
    seen = await desk.look(case)
    assert (seen["version"], len(seen["history"])) == (2, 2)


async def test_a_category_that_does_not_exist_is_a_clear_problem_and_loses_nothing(desk):
    body = {"category": "moon-landing", "title": "x", "note": "y"}
    answer = await desk.guard.post(f"{COURT}/cases", body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["errors"] == [
        {"field": "category", "message": "category: no category 'moon-landing'"}
    ]
    await desk.report()
    listed = (await desk.guard.get(f"{COURT}/cases")).json()["items"]
    assert [one["number"][-3:] for one in listed] == ["001"]

"""The list of cases as a place of work: counted, kept as views, acted upon many at once."""

import pytest

from hub.config import Role

COURT = "/api/sites/court"
KEY = {"Idempotency-Key": "a-request-of-wang-1"}


async def report(person, title, category="stairwell-storage", **more):
    body = {"category": category, "title": title, "note": "三楼", **more}
    made = await person.post(f"{COURT}/cases", body)
    assert made.status_code == 201, made.text
    return made.json()


async def counts(person, **asked):
    answer = await person.get(f"{COURT}/cases/facets", params=asked)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    by = {one["id"]: {v["id"]: v["count"] for v in one["values"]} for one in told["facets"]}
    return by | {"total": told["total"]}


async def listed(person, **asked):
    page = await person.get(f"{COURT}/cases", params=asked)
    assert page.status_code == 200, page.text
    return [one["title"]["zh"] for one in page.json()["items"]]


async def seven(house):
    """A forced door, and six reports, of which the guard has taken two."""
    guard = await house.person("wang", Role.GUARD, "court")
    await house.force_door()
    made = [await report(guard, f"堆物{n}") for n in range(4)]
    made += [await report(guard, f"噪音{n}", "renovation-noise") for n in range(2)]
    for one in made[:2]:
        await guard.post(f"{COURT}/cases/{one['id']}/actions/take")
    return guard, made


async def test_each_facet_is_counted_without_its_own_filter_and_with_all_others(house):
    guard, _ = await seven(house)
    everything = await counts(guard)
    assert everything["total"] == 7
    assert everything["step"] == {"discovered": 5, "handling": 2}
    assert everything["assignee"] == {"wang": 2, None: 5}
    handled = await counts(guard, step="handling")
    assert handled["total"] == 2
    assert handled["step"] == everything["step"]
    assert handled["category"] == {"stairwell-storage": 2}
    both = await counts(guard, step="handling", category="renovation-noise")
    assert both["total"] == 0
    assert (both["step"], both["category"]) == ({"discovered": 2}, {"stairwell-storage": 2})
    mine = await counts(guard, assignee="me")
    assert (mine["total"], mine["assignee"]) == (2, everything["assignee"])
    assert (await counts(guard, assignee="-"))["total"] == 5


async def test_the_list_gives_what_a_facet_has_counted(house):
    guard, _ = await seven(house)
    told = await counts(guard)
    for facet in ("step", "priority", "branch", "category", "department"):
        for value, count in ((v, n) for v, n in told[facet].items() if v is not None):
            found = await listed(guard, **{facet: value})
            assert len(found) == count, (facet, value)
    assert set(await listed(guard, assignee="-", category="renovation-noise")) == {"噪音1", "噪音0"}
    words = await counts(guard, q="堆物")
    assert (words["total"], words["step"]) == (4, {"discovered": 2, "handling": 2})


async def test_deadlines_are_counted_and_ordered_by_what_is_due_first(house):
    guard, made = await seven(house)
    by_due = (await guard.get(f"{COURT}/cases", params={"order": "due"})).json()["items"]
    dues = [one["due_at"] for one in by_due]
    assert dues == sorted(dues)
    assert len(by_due) == len(made) + 1
    first = (await guard.get(f"{COURT}/cases", params={"order": "due", "limit": 3})).json()
    rest = await guard.get(f"{COURT}/cases", params={"order": "due", "before": first["next"]})
    paged = [one["id"] for one in (*first["items"], *rest.json()["items"])]
    assert paged == [one["id"] for one in by_due]
    house.hand.pass_s((dues[0] - by_due[0]["opened_at"]) / 1000 + 1)
    late = sum(one == dues[0] for one in dues)
    assert (await counts(guard))["due"]["overdue"] >= late
    assert len(await listed(guard, due="overdue")) == (await counts(guard))["due"]["overdue"]
    refused = await guard.get(f"{COURT}/cases", params={"order": "due", "state": "closed"})
    assert (refused.status_code, refused.json()["code"]) == (422, "bad-request")


async def test_many_at_once_are_decided_one_by_one_and_told_so(house):
    guard, made = await seven(house)
    asked = [{"id": one["id"], "version": 1} for one in made[1:5]]
    asked += [{"id": "no-such-case", "version": 1}]
    answer = await guard.post(f"{COURT}/case-actions/accept", {"cases": asked}, headers=KEY)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    outcomes = [(one["outcome"], one["code"]) for one in told["outcomes"]]
    assert outcomes == [
        ("stale", "stale-version"),
        *[("done", None)] * 3,
        ("refused", "not-found"),
    ]
    assert told["done"] == 3
    again = await guard.post(f"{COURT}/case-actions/accept", {"cases": asked}, headers=KEY)
    assert again.json() == told
    case = (await guard.get(f"{COURT}/cases/{made[3]['id']}")).json()
    assert [step["action"] for step in case["history"]] == ["discover", "accept"]
    other = {"cases": asked, "note": "something else"}
    reused = await guard.post(f"{COURT}/case-actions/accept", other, headers=KEY)
    assert {one["code"] for one in reused.json()["outcomes"][1:4]} == {"idempotency-key-reused"}
    chief = await house.person("zhao", Role.ADMIN)
    trail = (await chief.get("/api/audit", params={"limit": 50})).json()["items"]
    accepted = [one for one in trail if one["action"] == "case.accept" and one["outcome"] == "ok"]
    assert len(accepted) >= 3
    assert all(one["detail"]["request"].startswith(KEY["Idempotency-Key"]) for one in accepted)


@pytest.mark.parametrize(
    ("action", "body", "headers", "status"),
    [
        ("fly", {}, KEY, 404),
        ("tick", {}, KEY, 422),
        ("reject", {"note": "no"}, KEY, 403),
        ("accept", {}, {}, 422),
        ("accept", {"cases": []}, KEY, 422),
        ("accept", {"cases": [{"id": "a", "version": 1}] * 101}, KEY, 422),
    ],
)
async def test_what_is_not_for_many_is_refused_as_a_whole(house, action, body, headers, status):
    guard, made = await seven(house)
    body = {"cases": [{"id": made[4]["id"], "version": 1}]} | body
    answer = await guard.post(f"{COURT}/case-actions/{action}", body, headers=headers)
    assert answer.status_code == status, answer.text
    assert (await guard.get(f"{COURT}/cases/{made[4]['id']}")).json()["version"] == 1


async def test_views_are_each_persons_own_and_a_name_is_one_view(house):
    guard, _ = await seven(house)
    other = await house.person("li", Role.GUARD, "court")
    path = f"{COURT}/case-views"
    asked = {"step": "handling", "assignee": "me", "order": "due"}
    for name in ("我的", "急件", "我的"):
        made = await guard.post(path, {"name": name, "asked": asked})
        assert made.status_code == 201, made.text
    kept = (await guard.get(path)).json()
    assert {one["name"] for one in kept} == {"我的", "急件"}
    assert kept[0]["asked"] | asked == kept[0]["asked"]
    assert (await other.get(path)).json() == []
    drop = f"{path}/{kept[0]['id']}/drop"
    assert (await other.post(drop)).status_code == 404
    assert len((await guard.post(drop)).json()) == 1
    bad = await guard.post(path, {"name": "x", "asked": {"colour": "red"}})
    assert bad.status_code == 422


async def test_a_report_that_is_sent_again_is_one_case_in_its_building(house):
    guard = await house.person("wang", Role.GUARD, "court")
    (building, *_) = (await guard.get("/api/sites")).json()[0]["buildings"]
    body = {"category": "stairwell-storage", "title": "堆物", "note": "三楼", "place": "消防通道"}
    body |= {"building": building["id"], "floor": 2}
    made = [await guard.post(f"{COURT}/cases", body, headers=KEY) for _ in range(2)]
    assert [one.status_code for one in made] == [201, 201]
    assert made[0].json()["id"] == made[1].json()["id"]
    case = made[0].json()
    assert (case["building"], case["floor"]) == (building["id"], 2)
    assert case["place"]["zh"] == f"{building['name']['zh']}2层 消防通道"
    assert (await counts(guard))["building"] == {building["id"]: 1}
    reused = await guard.post(f"{COURT}/cases", body | {"title": "别的"}, headers=KEY)
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency-key-reused")
    for wrong in ({"building": "b99"}, {"floor": 99}, {"floor": 0}, {"building": None}):
        refused = await guard.post(f"{COURT}/cases", body | wrong)
        assert (refused.status_code, refused.json()["code"]) == (422, "bad-request"), wrong

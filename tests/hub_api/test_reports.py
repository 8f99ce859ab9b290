"""Other systems report cases: who may, how often, and that trying again makes no second case."""

import asyncio

import pytest

from hub.config import Role

BODY = {
    "site": "court",
    "category": "fire-lane",
    "what": "楼道堆物\n2 单元 3 层",
    "reference": "W-1",
}


class System:
    """Another system with its credential."""

    def __init__(self, http, credential):
        self.http, self.credential = http, credential

    async def report(self, key="20260101-0001", **more):
        headers = {"Authorization": f"Bearer {self.credential}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        return await self.http.post("/api/reports", json=BODY | more, headers=headers)

    async def get(self, path="", **params):
        headers = {"Authorization": f"Bearer {self.credential}"}
        return await self.http.get(f"/api/reports{path}", headers=headers, params=params)


async def system(house, boss, sites=("*",), **more):
    made = await boss.post("/api/machines", {"name": "12345", "sites": list(sites), **more})
    assert made.status_code == 201, made.text
    return System(await house.browser(), made.json()["credential"]), made.json()["machine"]["id"]


@pytest.fixture
async def boss(house):
    return await house.person("boss", Role.ADMIN)


async def cases(person, site="court"):
    return (await person.get(f"/api/sites/{site}/cases")).json()["items"]


async def test_the_same_key_and_body_make_one_case_and_one_answer_also_at_once(house, boss):
    hotline, _ = await system(house, boss)
    answers = await asyncio.gather(*(hotline.report() for _ in range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    (case,) = await cases(boss)
    assert (case["id"], case["source"], case["title"]["zh"]) == (
        answers[0].json()["id"],
        "platform",
        "楼道堆物",
    )
    counters = (await boss.get("/api/sites/court/counters")).json()
    assert counters["platform_reports"] == 1


async def test_the_same_key_with_something_else_is_refused_and_another_systems_key_is_its_own(
    house, boss
):
    hotline, _ = await system(house, boss)
    city, _ = await system(house, boss)
    first = (await hotline.report()).json()
    other = await hotline.report(what="something else")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert (await city.report()).json()["id"] != first["id"]
    assert len(await cases(boss)) == 2


@pytest.mark.parametrize(
    ("more", "key", "status"),
    [
        ({"category": "no-such"}, "20260101-0002", 422),
        ({"site": "nowhere"}, "20260101-0002", 404),
        ({"what": ""}, "20260101-0002", 422),
        ({"what": "x" * 2001}, "20260101-0002", 422),
        ({"unknown": 1}, "20260101-0002", 422),
        ({}, None, 422),
        ({}, "short", 422),
    ],
)
async def test_what_is_wrong_is_a_problem_and_no_case(house, boss, more, key, status):
    hotline, _ = await system(house, boss)
    answer = await hotline.report(key, **more)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert await cases(boss) == []
    assert (await hotline.report("20260101-0002")).status_code == 201  # the key is free yet


async def test_a_system_sees_its_own_cases_and_nothing_else(house, boss):
    hotline, _ = await system(house, boss)
    city, _ = await system(house, boss)
    mine = (await hotline.report()).json()["id"]
    foreign = (await city.report()).json()["id"]
    state = (await hotline.get(f"/{mine}")).json()
    assert (state["state"], state["reference"], state["closed_at"]) == ("discovered", "W-1", None)
    assert (await hotline.get(f"/{foreign}")).status_code == 404
    assert [one["id"] for one in (await hotline.get()).json()["items"]] == [mine]
    house.hand.pass_s(10)
    since = house.clock.now()
    assert (await hotline.get(since=since)).json()["items"] == []
    assert (await boss.post(f"/api/sites/court/cases/{mine}/actions/accept")).is_success
    (told,) = (await hotline.get(since=since)).json()["items"]
    assert told["state"] == "accepted"
    for path in ("/api/me", "/api/sites/court/cases", "/api/machines", "/api/audit"):
        headers = {"Authorization": f"Bearer {hotline.credential}"}
        assert (await hotline.http.get(path, headers=headers)).status_code == 401


async def test_a_system_of_one_site_reports_in_no_other(house, boss):
    hotline, _ = await system(house, boss, sites=["yard"])
    assert (await hotline.report()).status_code == 404
    assert (await hotline.report(site="yard")).status_code == 201


async def test_a_rotated_secret_opens_as_long_as_was_said_and_one_that_ended_never_again(
    house, boss
):
    before, name = await system(house, boss)
    rotated = await boss.post(f"/api/machines/{name}/rotate", {"overlap_h": 0.1})
    after = System(before.http, rotated.json()["credential"])
    assert [(await one.get()).status_code for one in (before, after)] == [200, 200]
    house.hand.pass_s(361)
    assert [(await one.get()).status_code for one in (before, after)] == [401, 200]
    assert (await boss.post(f"/api/machines/{name}/end")).is_success
    assert (await after.get()).status_code == 401
    revived = (await boss.post(f"/api/machines/{name}/rotate")).json()["credential"]
    assert (await System(before.http, revived).get()).status_code == 401


async def test_a_credential_ends_by_itself_is_told_so_and_is_renewed(house, boss):
    hotline, name = await system(house, boss, days=31, uses=["report"])
    assert (await hotline.report()).status_code == 201
    assert (await hotline.get()).json()["code"] == "out-of-scope"
    (shown,) = (await boss.get("/api/machines")).json()
    assert (shown["uses"], shown["ending"]) == (["report"], False)
    house.hand.pass_s(31 * 86_400)
    boss = await house.log_in("boss")
    answer = await hotline.report("20260101-0002")
    assert (answer.status_code, answer.json()["code"]) == (401, "credential-expired")
    guess = System(hotline.http, hotline.credential[:-1] + "-")
    assert (await guess.report()).json()["code"] == "not-logged-in"
    (shown,) = (await boss.get("/api/machines")).json()
    assert shown["ending"]
    made = (await boss.post(f"/api/machines/{name}/rotate", {"days": 90})).json()
    assert (made["machine"]["ending"], made["machine"]["old_until"]) == (False, None)
    assert (await hotline.report()).status_code == 401
    assert (await System(hotline.http, made["credential"]).report()).status_code == 201


async def test_one_that_asks_too_fast_is_told_when_to_come_back(house, boss):
    hotline, _ = await system(house, boss, per_minute=3)
    codes = [(await hotline.get()).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    house.hand.pass_s(61)
    assert (await hotline.get()).status_code == 200


async def test_no_secret_is_kept_and_every_act_is_on_record(house, boss):
    hotline, name = await system(house, boss)
    await hotline.report()
    secret = hotline.credential.split("_", 2)[2]
    with house.store.reader.connect() as connection:
        raw = connection.connection.driver_connection
        assert all(secret not in line for line in raw.iterdump())
    acts = (await boss.get("/api/audit")).json()["items"]
    assert {(one["action"], one["actor"]) for one in acts} >= {
        ("machine.make", "boss"),
        ("case.report", "machine:12345"),
    }
    listed = (await boss.get("/api/machines")).json()
    assert [one["id"] for one in listed] == [name]
    assert secret not in str(listed)


async def test_an_admin_of_one_site_makes_no_system_for_another(house):
    local = await house.person("local", Role.ADMIN, "court")
    for sites in (["*"], ["yard"], ["court", "yard"]):
        answer = await local.post("/api/machines", {"name": "x", "sites": sites})
        assert answer.status_code == 403
    assert (await local.post("/api/machines", {"name": "x", "sites": ["court"]})).is_success


async def test_a_key_for_callbacks_is_told_once_kept_sealed_and_never_sent_where_it_must_not(
    house, boss
):
    hotline, name = await system(house, boss)
    path = f"/api/machines/{name}/callback"
    for url in ("http://127.0.0.1/", "https://169.254.169.254/", "ftp://x/", "https://u:p@x/", "x"):
        refused = await boss.post(path, {"url": url})
        assert (refused.status_code, refused.json()["code"]) == (422, "address-refused"), url
    made = (await boss.post(path, {"url": "https://12345.example/hear"})).json()
    key = made["callback_secret"]
    assert made["machine"]["callbacks"]["url"] == "https://12345.example/hear"
    again = (await boss.post(path, {"url": "https://12345.example/hear"})).json()
    assert again["callback_secret"] not in {key, None}
    listed = (await boss.get("/api/machines")).text
    with house.store.reader.connect() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())
    for secret in (key, again["callback_secret"]):
        assert secret not in listed + dump
        assert secret.encode().hex().upper() not in dump
    case = (await hotline.report()).json()["id"]
    assert (await boss.post(f"/api/sites/court/cases/{case}/actions/accept")).is_success
    assert (await boss.get(f"/api/machines/{name}/callbacks")).json() == []  # nobody is called here
    ended = (await boss.post(path, {"url": None})).json()
    assert (ended["machine"]["callbacks"], ended["callback_secret"]) == (None, None)
    guard = await house.person("guard", Role.GUARD)
    assert (await guard.post(path, {"url": None})).status_code == 403

"""API tokens: what they open, for how long, and how they end."""

import httpx
import pytest
from sqlalchemy import select

from hub.config import Role
from hub.store.schema import api_token
from tests.hub_api.house import until
from tests.hub_api.streaming import served

DAY = 24 * 3_600_000
COURT = "/api/sites/court"


async def make(house, person, *permissions, sites=("court",), days=30, **more):
    asked = {
        "name": "report",
        "permissions": list(permissions or ["site.read"]),
        "sites": list(sites),
        "ends_at": house.clock.now() + days * DAY,
        **more,
    }
    return await person.post("/api/me/tokens", asked)


async def script(house, credential, base=None):
    headers = {"Authorization": f"Bearer {credential}"}
    if base is None:
        return await house.browser(headers=headers)
    client = httpx.AsyncClient(base_url=base, headers=headers, timeout=60)
    return await house.stack.enter_async_context(client)


async def test_a_token_opens_what_it_was_made_for_and_nothing_else(house):
    wang = await house.person("wang", Role.SUPERVISOR)
    made = await make(house, wang, "site.read", "case.open")
    assert made.status_code == 201, made.text
    client = await script(house, made.json()["credential"])
    assert (await client.get(f"{COURT}/snapshot")).status_code == 200
    case = {"category": "fire-lane", "title": "boxes", "note": "x"}
    opened = await client.post(f"{COURT}/cases", json=case)  # without a CSRF token
    assert opened.status_code == 201, opened.text
    for path, status, code in (
        ("/api/me", 403, "out-of-scope"),
        ("/api/me/tokens", 403, "out-of-scope"),
        (f"{COURT}/analysis", 403, "out-of-scope"),
        ("/api/users", 403, "forbidden"),
        ("/api/sites/yard/snapshot", 404, "not-found"),
    ):
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (status, code), path
    boss = await house.person("boss", Role.ADMIN)
    (entry,) = (await boss.get("/api/audit", params={"action": "case.open"})).json()["items"]
    assert (entry["actor"], entry["detail"]["token"]) == ("wang", made.json()["token"]["id"])


async def test_it_is_shown_once_kept_as_a_hash_and_says_when_it_was_used(house):
    wang = await house.person("wang", Role.GUARD)
    made = (await make(house, wang)).json()
    secret = made["credential"].split("_", 2)[2]
    with house.store.reader.connect() as connection:
        kept = str(connection.execute(select(api_token)).mappings().all())
    assert secret not in kept
    (listed,) = (await wang.get("/api/me/tokens")).json()
    assert secret not in str(listed)
    assert listed["seen_at"] is None
    house.hand.pass_s(60)
    await (await script(house, made["credential"])).get(f"{COURT}/snapshot")
    (listed,) = (await wang.get("/api/me/tokens")).json()
    assert listed["seen_at"] == house.clock.now()


@pytest.mark.parametrize(
    ("permissions", "more", "status"),
    [
        (["self"], {}, 403),
        (["user.manage"], {}, 403),
        (["machine.manage"], {}, 403),
        (["audit.read"], {}, 403),
        (["site.read"], {"sites": ["yard"]}, 403),
        (["site.read"], {"sites": ["*"]}, 403),
        (["site.read"], {"sites": []}, 422),
        (["site.read"], {"days": 367}, 422),
        (["site.read"], {"days": 0}, 422),
        (["everything"], {}, 422),
        ([], {"permissions": []}, 422),
        (["site.read"], {"ends_at": None}, 422),
    ],
)
async def test_nobody_makes_one_that_may_more_than_themselves_or_has_no_end(
    house, permissions, more, status
):
    wang = await house.person("wang", Role.SUPERVISOR, "court")
    assert (await make(house, wang, *permissions, **more)).status_code == status
    assert (await wang.get("/api/me/tokens")).json() == []


async def test_a_token_is_never_more_than_its_owner_is_by_now(house):
    boss = await house.person("boss", Role.ADMIN)
    wang = await house.person("wang", Role.SUPERVISOR)
    credential = (await make(house, wang, "analysis.read", "site.read", sites=["*"])).json()[
        "credential"
    ]
    client = await script(house, credential)
    assert (await client.get(f"{COURT}/analysis")).status_code == 200
    await boss.send("PATCH", "/api/users/wang", {"role": "guard", "sites": ["yard"]})
    assert (await client.get("/api/sites/yard/analysis")).status_code == 403
    assert (await client.get("/api/sites/yard/snapshot")).status_code == 200
    assert (await client.get(f"{COURT}/snapshot")).status_code == 404
    await boss.send("PATCH", "/api/users/wang", {"disabled": True})
    assert (await client.get("/api/sites/yard/snapshot")).status_code == 401
    await boss.send("PATCH", "/api/users/wang", {"disabled": False})
    assert (await client.get("/api/sites/yard/snapshot")).status_code == 401


async def test_it_ends_on_its_day_and_when_it_is_ended(house):
    wang = await house.person("wang", Role.GUARD)
    boss = await house.person("boss", Role.ADMIN)
    one, two, three = [(await make(house, wang, days=day)).json() for day in (1, 2, 2)]
    await wang.post(f"/api/me/tokens/{two['token']['id']}/end")
    await boss.post(f"/api/users/wang/tokens/{three['token']['id']}/end")
    clients = [await script(house, made["credential"]) for made in (one, two, three)]
    answers = [(await client.get(f"{COURT}/snapshot")).status_code for client in clients]
    assert answers == [200, 401, 401]
    listed = {one["id"]: one for one in (await boss.get("/api/users/wang/tokens")).json()}
    assert [listed[made["token"]["id"]]["ended_by"] for made in (one, two, three)] == [
        None,
        "wang",
        "boss",
    ]
    house.hand.pass_s(DAY / 1000)
    assert (await clients[0].get(f"{COURT}/snapshot")).status_code == 401


@pytest.mark.parametrize(
    "credential",
    ["ght_", "ght_0123456789abcdef_" + "a" * 43, "ght_x_y", "ghm_0123456789abcdef_" + "a" * 43],
)
async def test_what_is_no_token_opens_nothing(house, credential):
    client = await script(house, credential)
    assert (await client.get(f"{COURT}/snapshot")).status_code == 401


@pytest.mark.socket
async def test_an_open_stream_ends_with_its_token_at_once(house):
    async with served(house) as url:
        wang = await house.person("wang", Role.GUARD)
        made = (await make(house, wang)).json()
        client = await script(house, made["credential"], url)
        async with client.stream("GET", f"{COURT}/stream") as response:
            assert response.status_code == 200
            waiting = house.services.logins.ended._waiting
            await until(lambda: f"token:{made['token']['id']}" in waiting, within_s=45)
            await wang.post(f"/api/me/tokens/{made['token']['id']}/end")
            async for _ in response.aiter_lines():
                pass  # to its end
        assert (await client.get(f"{COURT}/snapshot")).status_code == 401

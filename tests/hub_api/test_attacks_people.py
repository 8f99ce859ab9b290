"""People who are let in and want more: others' fields, many looks at once, sessions of old."""

import asyncio

from sqlalchemy import func, select

from hub.config import Role
from hub.store.schema import audit, looked
from tests.hub_api.house import document

COURT = "/api/sites/court"
MANY = 50


def bodies():
    """What each route takes as JSON, by the route."""
    schemas = document()["components"]["schemas"]
    for path, methods in document()["paths"].items():
        for method, route in methods.items():
            content = route.get("requestBody", {}).get("content", {}).get("application/json")
            shape = {} if content is None else content["schema"]
            for one in (shape, *shape.get("anyOf", ())):
                if "$ref" in one:
                    yield f"{method} {path}", schemas[one["$ref"].rsplit("/", 1)[1]]


def test_no_request_takes_a_field_that_it_does_not_name():
    """So that none is filled in that is not meant to be: a role, a site, a state."""
    found = list(bodies())
    assert len(found) > 30
    assert [route for route, shape in found if shape.get("additionalProperties") is not False] == []


async def test_fifty_looks_at_once_are_fifty_on_record_and_beyond_the_quota_none(house):
    wang = await house.person("wang", Role.GUARD, "court")
    look = await wang.look()
    quota = house.services.looking.config.quota_of(Role.GUARD)
    allowed = int(quota.refuse_at * quota.pages)
    with house.store.writer.connect() as connection, connection.begin():
        rows = [
            {"audit_id": -one, "site": "court", "actor": "wang", "at": house.clock.now()}
            for one in range(1, allowed - MANY // 2 + 1)
        ]
        connection.execute(looked.insert(), rows)
    path = f"{COURT}/passages"
    answers = await asyncio.gather(*(wang.get(path, params=look) for _ in range(MANY)))
    assert sorted(one.status_code for one in answers) == [200] * (MANY // 2) + [409] * (MANY // 2)
    with house.store.reader.connect() as connection:
        seen = select(audit.c.outcome, func.count()).where(audit.c.action == "passage.look")
        told = dict(connection.execute(seen.group_by(audit.c.outcome)).all())
    assert told == {"ok": MANY // 2, "over-quota": MANY // 2}


async def test_who_hangs_up_before_the_answer_has_looked_all_the_same(house):
    """The row is there before the first byte leaves."""
    wang = await house.person("wang", Role.GUARD, "court")
    look = await wang.look()

    async def hang_up(scope, receive, send):
        async def nobody(message):
            raise ConnectionResetError

        await house.app(scope, receive, nobody)

    cookie = "; ".join(f"{name}={value}" for name, value in wang.http.cookies.items())
    sent = {"type": "http.request", "body": b"", "more_body": False}

    async def receive():
        return sent

    path = f"{COURT}/passages"
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": f"look={look['look']}".encode(),
        "headers": [(b"host", b"127.0.0.1:8800"), (b"cookie", cookie.encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8800),
    }
    await hang_up(scope, receive, None)
    boss = await house.person("boss", Role.ADMIN)
    told = (await boss.get("/api/audit", params={"action": "passage.look"})).json()["items"]
    assert [one["actor"] for one in told] == ["wang"]


async def test_a_session_that_somebody_brings_along_is_not_the_one_that_is_opened(house):
    await house.make_user("wang", Role.GUARD, "court")
    http = await house.browser(cookies={"gatehouse_session": "brought-along"})
    answer = await http.post(
        "/api/login", json={"name": "wang", "password": house._passwords["wang"]}
    )
    given = answer.headers["set-cookie"]
    assert "brought-along" not in given
    assert "HttpOnly" in given
    assert "SameSite=strict" in given
    other = await house.browser(cookies={"gatehouse_session": "brought-along"})
    assert (await other.get("/api/me")).status_code == 401


async def test_nothing_of_an_answer_stays_in_the_browser(house):
    boss = await house.person("boss", Role.ADMIN)
    look = await boss.look()
    for path in ("/api/me", f"{COURT}/snapshot", f"{COURT}/passages", "/api/audit", "/api/none"):
        answer = await boss.get(path, params=look)
        assert answer.headers["cache-control"] == "no-store", path

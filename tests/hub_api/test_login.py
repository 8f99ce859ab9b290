import re

import pytest
from sqlalchemy import select

from hub.access.sessions import ABSOLUTE_MS, IDLE_MS, key_of
from hub.config import Role
from hub.store.schema import audit, session, user
from tests.hub_api.house import T0

COOKIE = "gatehouse_session"


def rows(house, table):
    with house.store.reader.connect() as connection:
        return connection.execute(select(table)).mappings().all()


async def try_login(client, name, password):
    return await client.post("/api/login", json={"name": name, "password": password})


async def test_login_opens_a_session_that_me_tells_of(house):
    person = await house.person("wang", Role.SUPERVISOR, "court")
    answer = await person.get("/api/me")
    assert answer.json() == {
        "user": {
            "name": "wang",
            "role": "supervisor",
            "sites": ["court"],
            "department": None,
            "enrolling": False,
        },
        "csrf": person.csrf,
    }


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(house):
    password = await house.make_user("wang", Role.GUARD)
    answer = await try_login(await house.browser(), "wang", password)
    cookie = answer.headers["set-cookie"]
    assert re.search(r"HttpOnly; .*SameSite=strict", cookie, re.IGNORECASE)
    assert "Secure" not in cookie  # the hub of this test is served by plain http on loopback


async def test_the_database_holds_neither_token_nor_password(house):
    password = await house.make_user("wang", Role.GUARD)
    client = await house.browser()
    await try_login(client, "wang", password)
    token = client.cookies[COOKIE]
    (stored,) = rows(house, session)
    assert stored["key"] == key_of(token)
    assert token not in str(rows(house, session))
    assert rows(house, user)[0]["password_hash"].startswith("$argon2id$")
    assert password not in str(rows(house, user)) + str(rows(house, audit))


async def test_unknown_user_wrong_password_and_disabled_account_answer_alike(house):
    await house.make_user("wang", Role.GUARD)
    password = await house.make_user("zhao", Role.GUARD)
    boss = await house.person("boss", Role.ADMIN)
    assert (await boss.send("PATCH", "/api/users/zhao", {"disabled": True})).status_code == 200
    client = await house.browser()
    answers = [
        await try_login(client, "wang", "not-the-password"),
        await try_login(client, "nobody", "not-the-password"),
        await try_login(client, "zhao", password),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert not any("set-cookie" in answer.headers for answer in answers)


async def test_an_unknown_user_costs_a_hash_like_a_known_one(house, monkeypatch):
    await house.make_user("wang", Role.GUARD)
    checked = []
    matches = house.services.logins.hashing.matches

    async def counting(encoded, password):
        checked.append(encoded is None)
        return await matches(encoded, password)

    monkeypatch.setattr(
        type(house.services.logins.hashing), "matches", lambda _, e, p: counting(e, p)
    )
    client = await house.browser()
    await try_login(client, "wang", "wrong")
    await try_login(client, "nobody", "wrong")
    assert checked == [False, True]


async def test_a_thousand_tries_in_a_minute_are_ten_looked_at(house):
    password = await house.make_user("wang", Role.GUARD)
    client = await house.browser()
    statuses = []
    for attempt in range(60):
        house.hand.pass_s(0.9)
        answer = await try_login(client, "wang", f"guess-{attempt}")
        statuses.append(answer.status_code)
    assert 1 <= statuses.count(401) <= 10
    assert statuses.count(429) == 60 - statuses.count(401)
    refused = await try_login(client, "wang", password)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1


async def test_failed_and_successful_logins_are_on_record(house):
    await house.person("wang", Role.GUARD)
    client = await house.browser()
    await try_login(client, "wang", "wrong")
    await try_login(client, "my-password-in-the-wrong-field", "wrong")
    told = [(row["actor"], row["action"], row["outcome"]) for row in rows(house, audit)]
    assert told[-3:] == [
        ("wang", "login", "ok"),
        ("wang", "login", "refused"),
        ("unknown", "login", "refused"),
    ]
    assert "my-password" not in str(rows(house, audit))


async def test_logout_ends_the_session_and_takes_the_cookie_back(house):
    person = await house.person("wang", Role.GUARD)
    token = person.http.cookies[COOKIE]
    answer = await person.post("/api/logout")
    assert answer.status_code == 204
    assert COOKIE not in person.http.cookies
    stale = await house.browser(cookies={COOKIE: token})
    assert (await stale.get("/api/me")).status_code == 401
    assert rows(house, session) == []


async def test_a_session_ends_when_it_idles(house):
    person = await house.person("wang", Role.GUARD)
    house.hand.pass_s(IDLE_MS / 1000 - 1)
    assert (await person.get("/api/me")).status_code == 200
    house.hand.pass_s(IDLE_MS / 1000 - 1)
    assert (await person.get("/api/me")).status_code == 200
    house.hand.pass_s(IDLE_MS / 1000)
    assert (await person.get("/api/me")).status_code == 401


async def test_a_session_ends_after_a_shift_however_busy(house):
    person = await house.person("wang", Role.GUARD)
    while house.clock.now() + 600_000 < T0 + ABSOLUTE_MS:
        house.hand.pass_s(600)
        assert (await person.get("/api/me")).status_code == 200
    house.hand.pass_s(600)
    assert (await person.get("/api/me")).status_code == 401


async def test_ended_sessions_are_forgotten_at_the_next_login(house):
    await house.person("wang", Role.GUARD)
    house.hand.pass_s(IDLE_MS / 1000)
    await house.log_in("wang")
    assert len(rows(house, session)) == 1


async def test_changing_the_own_password_ends_the_other_sessions(house):
    first = await house.person("wang", Role.GUARD)
    old = house._passwords["wang"]
    second = await house.log_in("wang")
    answer = await first.post("/api/me/password", {"old": old, "new": "a better password"})
    assert answer.status_code == 204
    assert (await first.get("/api/me")).status_code == 200
    assert (await second.get("/api/me")).status_code == 401
    client = await house.browser()
    assert (await try_login(client, "wang", old)).status_code == 401
    assert (await try_login(client, "wang", "a better password")).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"old": "wrong", "new": "a better password"}, 403, "wrong-password"),
        ({"old": "wrong", "new": "short"}, 422, "invalid-request"),
        ({"old": "wrong"}, 422, "invalid-request"),
    ],
)
async def test_a_password_is_not_changed_without_the_old_one(house, body, status, code):
    person = await house.person("wang", Role.GUARD)
    answer = await person.post("/api/me/password", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_the_first_start_makes_one_admin_and_tells_its_password_once(house):
    password = await house.services.staff.first_admin()
    assert password is not None
    assert await house.services.staff.first_admin() is None
    assert (await try_login(await house.browser(), "admin", password)).status_code == 200

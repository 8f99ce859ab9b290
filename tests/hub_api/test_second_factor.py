"""Setting up a second factor, logging in with it, losing it."""

import base64

from sqlalchemy import select

from hub.access import totp
from hub.config import Role
from hub.store.schema import second_factor
from tests.hub_api.house import Person


def code_of(house, secret, off=0):
    step = totp.step_of(house.clock.now()) + off
    return totp.code_at(base64.b32decode(secret), step)


async def try_login(house, name, code=None, password=None):
    client = await house.browser()
    asked = {"name": name, "password": password or house._passwords[name], "code": code}
    return client, await client.post("/api/login", json=asked)


async def enrol(house, person, name):
    begun = await person.post("/api/me/second-factor", {"password": house._passwords[name]})
    assert begun.status_code == 200, begun.text
    secret = begun.json()["secret"]
    done = await person.post("/api/me/second-factor/confirm", {"code": code_of(house, secret)})
    assert done.status_code == 200, done.text
    return secret, done.json()["codes"]


async def outcome(house, name, code=None, password=None):
    _, answer = await try_login(house, name, code, password)
    return answer.status_code, answer.json().get("code", "in")


async def test_once_set_up_a_login_takes_a_code_that_was_never_used(house):
    person = await house.person("wang", Role.GUARD)
    other = await house.log_in("wang")
    secret, _ = await enrol(house, person, "wang")
    assert (await person.get("/api/me")).status_code == 200
    assert (await other.get("/api/me")).status_code == 401  # it came without a code
    assert await outcome(house, "wang") == (401, "code-needed")
    used = code_of(house, secret)
    assert await outcome(house, "wang", used) == (401, "code-wrong")  # set up with it
    house.hand.pass_s(90)
    fresh = code_of(house, secret)
    assert await outcome(house, "wang", fresh, "not-the-password") == (401, "login-refused")
    assert await outcome(house, "wang", fresh) == (200, "in")
    assert await outcome(house, "wang", fresh) == (401, "code-wrong")
    standing = (await person.get("/api/me/second-factor")).json()
    assert standing == {"confirmed": True, "required": False, "recovery": 10}


async def test_a_secret_that_was_never_confirmed_is_asked_for_nowhere(house):
    person = await house.person("wang", Role.GUARD)
    wrong = await person.post("/api/me/second-factor", {"password": "not-the-password"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong-password")
    begun = await person.post("/api/me/second-factor", {"password": house._passwords["wang"]})
    assert len(begun.json()["picture"]) == len(begun.json()["picture"][0]) >= 21
    refused = await person.post("/api/me/second-factor/confirm", {"code": "000000"})
    assert (refused.status_code, refused.json()["code"]) == (403, "wrong-code")
    assert await outcome(house, "wang") == (200, "in")


async def test_the_secret_lies_sealed_and_recovery_codes_hashed_each_good_once(house):
    person = await house.person("wang", Role.GUARD)
    secret, codes = await enrol(house, person, "wang")
    with house.store.reader.connect() as connection:
        row = connection.execute(select(second_factor)).mappings().one()
    kept = repr(dict(row)).encode() + bytes(row["sealed"])
    assert base64.b32decode(secret) not in kept
    assert secret.encode() not in kept
    assert not any(one.encode() in kept for one in codes)
    assert await outcome(house, "wang", codes[3]) == (200, "in")
    assert await outcome(house, "wang", codes[3]) == (401, "code-wrong")
    assert (await person.get("/api/me/second-factor")).json()["recovery"] == 9
    boss = await house.person("boss", Role.ADMIN)
    trail = (await boss.get("/api/audit", params={"action": "login"})).json()["items"]
    assert [one["outcome"] for one in trail if one["actor"] == "wang"][:2] == ["code-wrong", "ok"]
    assert not any(code in str(trail) for code in codes)


async def test_guessing_codes_is_slowed_like_guessing_passwords(house):
    person = await house.person("wang", Role.GUARD)
    await enrol(house, person, "wang")
    evaluated = 0
    for attempt in range(60):
        house.hand.pass_s(1)
        status, _ = await outcome(house, "wang", f"{attempt:06}")
        evaluated += status == 401
    assert 1 <= evaluated <= 10


async def test_an_admin_resets_somebody_elses_on_record_and_never_their_own(house):
    boss = await house.person("boss", Role.ADMIN)
    part = await house.person("part", Role.ADMIN, "court")
    person = await house.person("wang", Role.GUARD)
    await enrol(house, person, "wang")
    path = "/api/users/wang/second-factor/reset"
    assert (await person.post(path)).status_code == 403
    assert (await part.post(path)).status_code == 403  # wang watches more than court
    assert (await boss.post(path)).status_code == 204
    assert (await person.get("/api/me")).status_code == 401
    assert await outcome(house, "wang") == (200, "in")
    assert (await boss.post(path)).status_code == 404
    own = await boss.post("/api/users/boss/second-factor/reset")
    assert (own.status_code, own.json()["code"]) == (403, "own-factor")
    trail = (await boss.get("/api/audit")).json()["items"]
    told = [
        (one["actor"], one["object"]) for one in trail if one["action"] == "second-factor.reset"
    ]
    assert told == [("boss", "wang")]


async def test_giving_it_up_takes_password_and_code(house):
    person = await house.person("wang", Role.GUARD)
    _, codes = await enrol(house, person, "wang")
    path, password = "/api/me/second-factor/remove", house._passwords["wang"]
    answers = [
        await person.post(path, {"password": "not-the-password", "code": codes[0]}),
        await person.post(path, {"password": password, "code": "000000"}),
        await person.post(path, {"password": password, "code": codes[0]}),
    ]
    assert [one.status_code for one in answers] == [403, 403, 204]
    assert await outcome(house, "wang") == (200, "in")


async def test_a_role_that_needs_one_gets_nowhere_before_it_is_set_up(house):
    presence = house.services.logins.presence
    object.__setattr__(presence, "factor_roles", frozenset({Role.ADMIN}))
    await house.make_user("boss", Role.ADMIN)
    client, answer = await try_login(house, "boss")
    assert answer.json()["user"]["enrolling"] is True
    boss = Person(client, answer.json()["csrf"])
    refused = await boss.get("/api/users")
    assert (refused.status_code, refused.json()["code"]) == (403, "out-of-scope")
    assert (await boss.get("/api/sites/court/snapshot")).status_code == 403
    assert (await boss.get("/api/sites")).status_code == 200
    asked = {"name": "x", "permissions": ["site.read"], "sites": ["*"]}
    asked["ends_at"] = house.clock.now() + 86_400_000
    refused = await boss.post("/api/me/tokens", asked)  # or it would be a way round
    assert (refused.status_code, refused.json()["code"]) == (403, "out-of-scope")
    await enrol(house, boss, "boss")
    made = await boss.post("/api/me/tokens", asked)
    headers = {"Authorization": f"Bearer {made.json()['credential']}"}
    script = await house.browser(headers=headers)
    assert (await script.get("/api/sites/court/snapshot")).status_code == 200
    assert (await boss.get("/api/users")).status_code == 200
    assert (await boss.get("/api/me")).json()["user"]["enrolling"] is False
    given_up = {"password": house._passwords["boss"], "code": "000000"}
    refused = await boss.post("/api/me/second-factor/remove", given_up)
    assert refused.json()["code"] == "factor-required"
    guard = await house.person("wang", Role.GUARD)
    assert (await guard.get("/api/sites/court/snapshot")).status_code == 200
    object.__setattr__(presence, "factor_roles", frozenset(Role))
    assert (await guard.get("/api/sites/court/snapshot")).status_code == 403
    other = await house.person("other", Role.ADMIN)
    await enrol(house, other, "other")
    assert (await other.post("/api/users/boss/second-factor/reset")).status_code == 204
    answer = await script.get("/api/sites/court/snapshot")  # a token is not a way round either
    assert (answer.status_code, answer.json()["code"]) == (403, "out-of-scope")


async def test_sessions_are_listed_and_ended_by_their_owner_and_by_an_admin(house):
    boss = await house.person("boss", Role.ADMIN)
    first = await house.person("wang", Role.GUARD)
    second = await house.log_in("wang")
    found = (await first.get("/api/me/sessions")).json()
    assert sorted(one["own"] for one in found) == [False, True]
    assert {one["address"] for one in found} == {"127.0.0.1"}
    (other,) = [one["id"] for one in found if not one["own"]]
    assert (await first.post(f"/api/me/sessions/{other}/end")).status_code == 204
    assert (await second.get("/api/me")).status_code == 401
    assert (await first.post(f"/api/me/sessions/{other}/end")).status_code == 404
    assert len((await boss.get("/api/users/wang/sessions")).json()) == 1
    assert (await first.post("/api/users/boss/sessions/end")).status_code == 403
    assert (await boss.post("/api/users/wang/sessions/end")).status_code == 204
    assert (await first.get("/api/me")).status_code == 401

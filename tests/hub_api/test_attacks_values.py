"""Values that JSON and addresses can say and nothing can keep: refused, no fault of the hub's."""

import base64
import json

import pytest

from hub.api.params import LAST_MOMENT
from hub.config import Role
from tests.hub_api.house import T0, document
from tests.hub_api.test_residents import Street

HUGE = 10**30
NOT_KEPT = ["a\x00b", "\ud800", "x\udfffy"]
PATHS = {"{site}": "court", "{device}": "gate-east", "{plan}": "night"}
OUR_FAULT = 500


def raw(value):
    """JSON as no well-made client writes it."""
    return json.dumps(value).encode()


async def send(person, path, value, method="POST"):
    headers = {"X-CSRF-Token": person.csrf, "Content-Type": "application/json"}
    return await person.http.request(method, path, content=raw(value), headers=headers)


def numbers_asked():
    """Every route that is read, and each of its parameters that is a number."""
    for path, methods in document()["paths"].items():
        for one in methods.get("get", {}).get("parameters", ()):
            sorts = one["schema"].get("anyOf", [one["schema"]])
            if {"integer", "number"} & {sort.get("type") for sort in sorts}:
                yield path, one["name"]


def filled(path):
    for known, value in PATHS.items():
        path = path.replace(known, value)
    return path.replace("{", "").replace("}", "")


async def test_no_number_that_is_asked_for_is_a_fault_of_the_hub(house):
    boss = await house.person("boss", Role.ADMIN)
    look = await boss.look()
    asked = [(filled(path), name) for path, name in numbers_asked()]
    assert len(asked) > 30
    for path, name in asked:
        for value in (HUGE, LAST_MOMENT, "nan"):
            if (path.endswith("/stream"), value) == (True, LAST_MOMENT):
                continue
            answer = await boss.get(path, params={**look, name: value})
            assert answer.status_code < OUR_FAULT, (path, name, value, answer.text)


async def test_a_nul_in_an_address_is_nobody_s_word(house):
    boss = await house.person("boss", Role.ADMIN)
    for path in ("/api/sites/court/cases?q=%00", "/api/users/a%00", "/%00"):
        assert (await boss.get(path)).status_code == 400


async def test_a_stream_is_not_begun_at_a_position_beyond_all_numbers(house):
    boss = await house.person("boss", Role.ADMIN)
    stream = "/api/sites/court/stream"
    assert (await boss.get(stream, params={"after": 2**63})).status_code == 422


CURSORS = [
    ["\ud800", "x"],
    ["a\x00", "x"],
    [HUGE, HUGE],
    [None, None],
    [1.5, True],
    {"a": 1},
    "x",
]


@pytest.mark.parametrize("key", CURSORS, ids=str)
async def test_a_cursor_of_somebody_s_own_making_is_refused(house, key):
    boss = await house.person("boss", Role.ADMIN)
    cursor = base64.urlsafe_b64encode(raw(key)).decode()
    for path in ("/api/sites/court/cases", "/api/sites/court/alerts", "/api/audit"):
        answer = await boss.get(path, params={"before": cursor})
        assert answer.status_code == 422, answer.text


async def bodies(boss):
    """Requests that pass as they stand, with what is put into them in place of `None`."""
    look = (await boss.look())["look"]
    court = "/api/sites/court"
    yield f"{court}/cases", {"category": "other", "title": None, "note": "x"}
    yield f"{court}/cases", {"category": "other", "title": "x", "note": None}
    yield f"{court}/looks", {"purpose": "device-check", "reason": None}
    yield f"{court}/traces/search?look={look}", {"text": None}
    yield f"{court}/households/search", {"building": "b1", "room": None}
    yield f"{court}/devices/gate-east/commands", {"action": "open", "reason": None}
    yield f"{court}/openings", {"reason": None}
    yield "/api/login", {"name": None, "password": "x"}
    yield "/api/login", {"name": "boss", "password": None}
    yield "/api/me/password", {"old": None, "new": "correct horse battery"}
    yield "/api/machines", {"name": None, "sites": ["court"]}
    yield (
        "/api/me/tokens",
        {
            "name": None,
            "permissions": ["site.read"],
            "sites": ["court"],
            "ends_at": T0 + 1000,
        },
    )


async def test_what_no_column_can_hold_is_refused_in_words(house):
    boss = await house.person("boss", Role.ADMIN)
    async for path, body in bodies(boss):
        for bad in NOT_KEPT:
            said = {name: bad if value is None else value for name, value in body.items()}
            answer = await send(boss, path, said)
            assert answer.status_code == 422, (path, said, answer.text)


async def numbers(boss):
    look = (await boss.look())["look"]
    court = "/api/sites/court"
    for name in ("start", "end"):
        span = {"start": T0 - 1000, "end": T0, name: None}
        yield f"{court}/exports?look={look}", span
    yield f"{court}/watchlist", {"sort": "credential", "value": "1", "reason": "x", "until": None}
    yield f"{court}/alerts/x/actions/acknowledge", {"version": None}
    yield f"{court}/cases/x/actions/accept", {"version": None}
    yield f"{court}/cases/x/actions/rate", {"rating": None}
    yield f"{court}/openings", {"reason": "x", "lease_s": None}
    yield f"{court}/devices/gate-east/commands", {"action": "open", "reason": "x", "lease_s": None}
    yield "/api/machines/x/rotate", {"overlap_h": None}
    yield (
        "/api/me/tokens",
        {
            "name": "x",
            "permissions": ["site.read"],
            "sites": ["court"],
            "ends_at": None,
        },
    )


async def test_nor_are_numbers_without_end_a_fault_of_the_hub(house):
    boss = await house.person("boss", Role.ADMIN)
    async for path, body in numbers(boss):
        for bad in (HUGE, -HUGE, 2**63, float("nan"), float("inf"), -1):
            said = {name: bad if value is None else value for name, value in body.items()}
            answer = await send(boss, path, said)
            assert 400 <= answer.status_code < OUR_FAULT, (path, said, answer.text)


DEEP = 20_000


@pytest.mark.parametrize(
    "body",
    [
        b"[" * DEEP,
        b'{"a":' * (DEEP // 2),
        b"[" * DEEP + b"]" * DEEP,
        b'{"name": "x", "name": "y", "password": ' + b"9" * 60_000 + b"}",
        b"\xff\xfe",
        b'"\\ud800"',
        b'{"\\ud800": 1}',
        b"NaN",
        b"",
    ],
)
async def test_json_that_is_none_or_too_deep_is_refused(house, body):
    headers = {"Content-Type": "application/json"}
    answer = await (await house.browser()).post("/api/login", content=body, headers=headers)
    assert answer.status_code in {400, 422}, answer.text
    for path in ("/api/status", "/api/reports"):
        if len(body) < 16_000:
            answer = await Street(house).resident().post(path, content=body, headers=headers)
            assert answer.status_code in {400, 422}, answer.text


@pytest.mark.parametrize("bad", NOT_KEPT)
async def test_residents_are_told_so_too(house, bad):
    street = Street(house).resident()
    report = {"key": "0" * 32, "site": "court", "category": "other", "what": f"mess {bad}"}
    headers = {"Content-Type": "application/json"}
    answer = await street.post("/api/reports", content=raw(report), headers=headers)
    assert answer.status_code == 422
    report["what"] = "mess"
    answer = await street.post("/api/reports", content=raw(report), headers=headers)
    assert answer.status_code == 201


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "//[", "null", "\x7f", "http://a]"])
async def test_an_origin_that_is_no_address_is_somebody_else_s(house, origin):
    client = await house.browser()
    for method, path, wanted in (("GET", "/api/health", 200), ("POST", "/api/login", 403)):
        answer = await client.request(method, path, headers={"Origin": origin})
        assert answer.status_code == wanted, answer.text
    answer = await Street(house).resident().post("/api/status", json={}, headers={"Origin": origin})
    assert answer.status_code == 403

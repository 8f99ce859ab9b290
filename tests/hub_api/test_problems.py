import pytest

from hub.access.errors import ForbiddenError, NotLoggedInError, TooManyTriesError
from hub.api.problems import STATUSES
from hub.api.shield import MAX_BODY_BYTES
from hub.config import Role
from hub.errors import HubError
from tests.hub_api.house import URL

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}


def assert_problem(answer, status, code):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"] == f"/problems/{code}"
    assert body["title"]
    assert body["detail"]
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


async def test_unknown_path(house):
    assert_problem(await (await house.browser()).get("/api/nothing/here"), 404, "not-found")


async def test_wrong_method(house):
    answer = await (await house.browser()).delete("/api/health")
    assert_problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "GET"


async def test_body_that_is_not_json_is_not_repeated(house):
    answer = await (await house.browser()).post("/api/login", content=b'{"password": "geheim')
    assert_problem(answer, 422, "invalid-request")
    assert "geheim" not in answer.text


async def test_unknown_field_is_named_and_its_value_is_not(house):
    body = {"name": "wang", "password": "geheim", "remember": "geheim"}
    answer = await (await house.browser()).post("/api/login", json=body)
    assert_problem(answer, 422, "invalid-request")
    assert answer.json()["errors"][0]["field"] == "body.remember"
    assert "geheim" not in answer.text


@pytest.mark.parametrize("chunked", [False, True])
async def test_body_beyond_the_cap_is_refused_before_it_is_read(house, chunked):
    async def chunks():
        for _ in range(MAX_BODY_BYTES // 1024 + 2):
            yield b" " * 1024

    content = chunks() if chunked else b" " * (MAX_BODY_BYTES + 1)
    answer = await (await house.browser()).post("/api/login", content=content)
    assert_problem(answer, 413, "too-large")


async def test_chunked_body_within_the_cap_is_read(house):
    async def chunks():
        yield b'{"name": "wang", '
        yield b'"password": "x"}'

    answer = await (await house.browser()).post(
        "/api/login", content=chunks(), headers={"Content-Type": "application/json"}
    )
    assert_problem(answer, 401, "login-refused")


async def test_our_own_bug_tells_the_client_nothing(house, monkeypatch):
    async def broken(*_):
        raise RuntimeError("geheim")

    monkeypatch.setattr(type(house.services.logins), "login", broken)
    answer = await (await house.browser()).post("/api/login", json={"name": "a", "password": "b"})
    assert_problem(answer, 500, "internal-error")
    assert "geheim" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_sites_page_may_not_change_anything(house, headers):
    person = await house.person("wang", Role.GUARD)
    assert_problem(await person.send("POST", "/api/logout", headers=headers), 403, "foreign-origin")
    assert (await person.get("/api/me", headers=headers)).status_code == 200


async def test_the_own_page_may(house):
    person = await house.person("wang", Role.GUARD)
    headers = {"Origin": URL, "Sec-Fetch-Site": "same-origin"}
    assert (await person.send("POST", "/api/logout", headers=headers)).status_code == 204


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8800", "", "[::1", "127.0.0.1.evil"]
)
async def test_a_name_that_is_not_the_hubs_is_refused(house, host):
    answer = await (await house.browser()).get("/api/health", headers={"Host": host})
    assert_problem(answer, 421, "unknown-host")


@pytest.mark.parametrize("host", ["localhost", "localhost:8800", "[::1]:8800", "127.0.0.1"])
async def test_loopback_names_are_the_hubs(house, host):
    answer = await (await house.browser()).get("/api/health", headers={"Host": host})
    assert answer.status_code == 200
    assert answer.json()["broker"] is False


def test_every_refusal_of_the_api_has_a_status():
    for kind in (NotLoggedInError, ForbiddenError, TooManyTriesError):
        assert kind in STATUSES
    assert all(issubclass(kind, HubError) for kind in STATUSES)


async def test_the_description_is_open_and_says_what_the_api_is(house):
    answer = await (await house.browser()).get("/openapi.json")
    assert answer.json()["info"]["title"] == "Gatehouse"

"""Headers on whatever is answered, names of files that come from outside, uploads that are none."""

import pytest

from hub.api.application import build_application
from hub.api.shield import Shield
from hub.config import Role
from tests.hub_api.test_residents import Street

WANTED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}

ASKED = [
    ("GET", "/"),
    ("GET", "/assets/none.js"),
    ("GET", "/api/health"),
    ("GET", "/api/me"),
    ("GET", "/api/nothing"),
    ("GET", "/openapi.json"),
    ("GET", "/accept/none"),
    ("DELETE", "/api/health"),
    ("POST", "/api/login"),
    ("POST", "/api/enrolment"),
    ("GET", "/api/sites/court/snapshot"),
    ("PUT", "/api/media/" + "0" * 64),
]

OUTSIDE = [
    "/../hub.db",
    "/..%2fhub.db",
    "/%2e%2e/hub.db",
    "/assets/../../hub.db",
    "/assets/..%2f..%2fhub.db",
    "/assets/%2e%2e%2f%2e%2e%2fhub.db",
    "/assets/....//....//hub.db",
    "/assets/..%5c..%5chub.db",
    "//etc/passwd",
    "/assets//etc/passwd",
    "/%00",
    "/assets/%00index.js",
    "/secrets/signing.key",
]

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
NO_PICTURES = {
    "svg": SVG,
    "svg with a prologue": b'<?xml version="1.0"?>\n' + SVG,
    "svg behind a picture's mark": b"\xff\xd8\xff" + SVG,
    "html": b"<!doctype html><script>alert(1)</script>",
    "gif": b"GIF89a" + bytes(64),
    "webp": b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(64),
    "pdf": b"%PDF-1.7\n" + bytes(64),
    "zip": b"PK\x03\x04" + bytes(64),
    "elf": b"\x7fELF" + bytes(64),
    "nothing": b"",
    "zeros": bytes(4096),
}


def assert_shielded(answer, name):
    found = {header: answer.headers.get(header) for header in WANTED}
    if name.startswith("/accept/"):  # its form is sent from the page itself, which says so
        assert found.pop("referrer-policy") in {"no-referrer", "same-origin"}
    assert found == {header: WANTED[header] for header in found}, name
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy or "sandbox" in policy, name
    assert "unsafe" not in policy, name


async def test_every_answer_has_the_headers(house):
    client = await house.browser()
    for method, path in ASKED:
        answer = await client.request(method, path)
        assert_shielded(answer, path)
        assert "strict-transport-security" not in answer.headers, path
    answer = await client.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 421
    assert_shielded(answer, "a foreign host")


async def test_where_browsers_come_by_https_they_are_told_to_stay(house):
    assert isinstance(house.app, Shield)
    house.app = Shield(house.app.app, hosts=(), secure=True)
    client = await house.browser()
    for method, path in ASKED:
        answer = await client.request(method, path)
        assert answer.headers["strict-transport-security"] == "max-age=31536000", path


async def test_residents_are_answered_with_the_headers_too(house):
    async with Street(house).resident() as client:
        await _residents(client)


async def _residents(client):
    for method, path in [
        ("GET", "/"),
        ("GET", "/page.js"),
        ("GET", "/api/form"),
        ("GET", "/api/me"),
        ("GET", "/../hub.db"),
        ("POST", "/api/status"),
        ("PUT", "/api/form"),
    ]:
        answer = await client.request(method, path)
        assert_shielded(answer, path)
        assert answer.headers["strict-transport-security"] == "max-age=31536000", path


@pytest.mark.parametrize("path", OUTSIDE)
async def test_a_path_leads_to_no_file_beyond_the_console_s(house, tmp_path, path):
    client = await house.browser()
    answer = await client.get(path)
    held = b"SQLite format 3", b"root:", (tmp_path / "secrets" / "signing.key").read_bytes()
    assert not any(one in answer.content for one in held)
    assert answer.status_code in {200, 404, 400}
    if answer.status_code == 200:  # the console's page, for whatever it routes itself
        assert answer.headers["content-type"].startswith("text/html")


async def test_what_is_no_photo_is_refused_and_nothing_is_kept(house, tmp_path):
    wang = await house.person("wang", Role.GUARD, "court")
    before = sorted((tmp_path / "evidence").rglob("*"))
    street = Street(house).resident()
    for name, data in NO_PICTURES.items():
        for kind in ("image/svg+xml", "image/jpeg"):
            headers = {"Content-Type": kind}
            path = "/api/sites/court/photos"
            headers["X-CSRF-Token"] = wang.csrf
            answer = await wang.http.post(path, content=data, headers=headers)
            assert 400 <= answer.status_code < 500, (name, kind, answer.text)
        answer = await street.post("/api/photos?site=court", content=data)
        assert 400 <= answer.status_code < 500, (name, answer.text)
    await street.aclose()
    assert sorted((tmp_path / "evidence").rglob("*")) == before


@pytest.mark.parametrize("name", ["..", ".", "a/b", "../secrets", "court%2f..", "COURT", "a b"])
async def test_a_site_s_name_is_no_path(house, name):
    boss = await house.person("boss", Role.ADMIN)
    answer = await boss.get(f"/api/sites/{name}/snapshot")
    assert answer.status_code in {404, 422} or answer.headers["content-type"].startswith("text/")


def test_the_application_is_nowhere_without_its_shield(house):
    assert isinstance(build_application(house.services, hosts=()), Shield)

"""The residents' listener: what they can do, what they cannot see, and how much they may send."""

import asyncio
import re
import secrets

import cv2
import httpx
import numpy as np
import pytest

from hub.api.desk import Desk
from hub.api.photos import PhotoDesk
from hub.config import Role
from hub.config.residents import CATEGORIES
from hub.pipeline import Priority
from hub.residents import Quota, Quotas, ResidentDesk, build_residents
from hub.residents.application import PAGE
from hub.residents.receipt import Receipts
from hub.vision.photo import PhotoMaker
from tests.hub_api.house import document
from tests.hub_api.test_photos import photo_of

URL = "https://report.example"
PHONE = "13800138000"


class Street:
    """The listener, and residents who come from addresses of their own."""

    def __init__(self, house):
        desk = Desk(house.store.reader, house.writer, priority=Priority.MEDIA)
        self.quotas = Quotas(Quota(3, 5, 8, 12), Quota(12, 20, 32, 48), Quota(50, 500, 500, 5000))

        async def act(one):
            made = house.pipeline.act(one, house.clock.now(), priority=Priority.MEDIA)
            return await asyncio.wrap_future(made)

        residents = ResidentDesk(
            directory=house.directory,
            sites=("court",),
            categories=CATEGORIES,
            desk=desk,
            photos=PhotoDesk(desk, house.evidence, PhotoMaker(1), house.clock.now),
            seal=house.seal,
            receipts=Receipts(house.seal),
            act=act,
        )
        self.app = build_residents(
            residents, self.quotas, hosts={"report.example"}, now=house.clock.now
        )

    def resident(self, address="203.0.113.7"):
        transport = httpx.ASGITransport(
            self.app, raise_app_exceptions=False, client=(address, 40000)
        )
        return httpx.AsyncClient(transport=transport, base_url=URL)


@pytest.fixture
def street(house):
    return Street(house)


def a_report(**more):
    asked = {
        "key": secrets.token_hex(16),
        "site": "court",
        "category": "stairwell-storage",
        "what": "<img src=x onerror=alert(1)> 楼道堆物",
        "place": "1号楼 3 层",
        "phone": PHONE,
        "photos": [],
    }
    return asked | more


async def reported(resident, **more):
    answer = await resident.post("/api/reports", json=a_report(**more))
    assert answer.status_code == 201, answer.text
    return answer.json()["code"]


async def cases(person):
    return (await person.get("/api/sites/court/cases", params={"state": "all"})).json()["items"]


async def test_a_report_with_a_photo_is_a_case_that_its_reporter_alone_follows(house, street):
    guard, boss = await house.person("guard", Role.GUARD), await house.person("boss", Role.ADMIN)
    resident = street.resident()
    jpeg = cv2.imencode(".jpg", np.full((40, 60, 3), 90, np.uint8))[1].tobytes()
    photo = (await resident.post("/api/photos?site=court", content=jpeg)).json()["photo"]
    code = await reported(resident, photos=[photo])
    (case,) = await cases(guard)
    assert (case["source"], case["state"], case["category"]) == (
        "resident",
        "discovered",
        "stairwell-storage",
    )
    path = f"/api/sites/court/cases/{case['id']}"
    detail = (await guard.get(path)).json()
    assert detail["history"][0]["note"].startswith("<img")  # kept as it was said, shown as text
    assert detail["report"] == {
        "reporter": "resident",
        "reference": None,
        "answers": True,
        "contact": True,
        "rating": None,
    }
    asked = await guard.post(f"{path}/questions", {"text": "还在吗？"})
    assert asked.is_success
    status = (await resident.post("/api/answer", json={"code": code, "text": "在。"})).json()
    assert [(one["own"], one["text"]) for one in status["said"]] == [
        (False, "还在吗？"),
        (True, "在。"),
    ]
    assert "guard" not in str(status)
    rating = {"code": code.lower().replace("-", " "), "rating": 4}
    assert (await resident.post("/api/rating", json=rating)).status_code == 409  # not closed yet
    assert (await boss.post(f"{path}/actions/accept")).is_success
    for line in detail["standard"]:
        if not line["photos"]:
            assert (await boss.post(f"{path}/actions/tick", {"item": line["id"]})).is_success
    close = {"resolution": "resolved", "note": "已清理", "version": None}
    refused = await boss.post(f"{path}/actions/close-directly", close)  # the resident's is "before"
    assert refused.json()["why"]["en"].endswith("Missing: a photo after.")
    close |= {"photos": [await photo_of(boss)]}
    closed = await boss.post(f"{path}/actions/close-directly", close)
    assert closed.is_success, closed.text
    status = (await resident.post("/api/rating", json=rating)).json()
    assert (status["closed"], status["rating"], status["may_rate"]) == (True, 4, False)
    assert (await resident.post("/api/rating", json=rating)).status_code == 409
    assert "已清理" not in str(status)
    assert (await guard.post(f"{path}/contact")).status_code == 422
    look = await guard.look(purpose="incident", reason="叫不到人", case=case["id"])
    looked = await guard.post(f"{path}/contact?look={look['look']}")
    assert looked.json() == {"phone": PHONE}
    assert "contact.look" in {
        one["action"] for one in (await boss.get("/api/audit")).json()["items"]
    }


async def test_who_reported_what_was_merged_follows_the_case_that_stands_for_it(house, street):
    boss, resident = await house.person("boss", Role.ADMIN), street.resident()
    codes = [await reported(resident), await reported(resident)]
    lead, double = sorted(await cases(boss), key=lambda one: one["number"])
    path = "/api/sites/court/cases"

    async def do(one, action, **given):
        answer = await boss.post(f"{path}/{one['id']}/actions/{action}", given)
        assert answer.is_success, answer.text

    async def look():
        return (await resident.post("/api/status", json={"code": codes[1]})).json()

    await do(double, "merge", case=lead["id"])
    status = await look()
    assert (status["number"], status["state"]) == (double["number"], "discovered")
    assert (status["closed"], status["resolution"], status["may_rate"]) == (False, None, False)
    rating = {"code": codes[1], "rating": 5}
    assert (await resident.post("/api/rating", json=rating)).status_code == 409
    await do(lead, "accept")
    for line in (await boss.get(f"{path}/{lead['id']}")).json()["standard"]:
        if not line["photos"]:
            await do(lead, "tick", item=line["id"])
    for side in ("before", "after"):
        await do(lead, "comment", note="如图", photos=[await photo_of(boss)], shows=side)
    assert (await boss.get(f"{path}/{lead['id']}")).json()["photos_missing"] == []
    await do(lead, "close-directly", resolution="resolved", note="已清理")
    status = await look()
    assert (status["state"], status["closed"], status["may_rate"]) == ("closed", True, True)
    assert [step["name"]["zh"] for step in status["steps"]] == ["发现", "并案", "受理", "结案"]
    rated = (await resident.post("/api/rating", json=rating)).json()
    assert (rated["rating"], rated["may_rate"]) == (5, False)
    await do(lead, "assess", note="按时")
    handled = (await boss.get(f"{path}/{lead['id']}")).json()
    assert (handled["state"], handled["rating"]) == ("rated", 5)  # it was rated already
    own = {"code": codes[0], "rating": 2}
    assert (await resident.post("/api/rating", json=own)).json()["rating"] == 2
    handled = (await boss.get(f"{path}/{lead['id']}")).json()
    assert (handled["state"], handled["rating"]) == ("rated", 4)  # 3.5: what both think of it
    told = [one["detail"].get("number") for one in handled["history"] if one["action"] == "rate"]
    assert told == [double["number"], None]
    span = {"since": house.clock.now() - 1, "until": house.clock.now() + 1}
    figures = (await boss.get("/api/sites/court/analysis", params=span)).json()
    assert (figures["score"]["ratings"], figures["score"]["rated"]) == (2, 3.5)


async def test_trying_again_gives_the_same_receipt_and_one_case(house, street):
    guard, resident = await house.person("guard", Role.GUARD), street.resident()
    asked = a_report()
    first, again = [await resident.post("/api/reports", json=asked) for _ in range(2)]
    assert first.json() == again.json()
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", first.json()["code"])
    assert len(await cases(guard)) == 1


async def test_the_store_holds_neither_the_code_nor_the_number(house, street):
    code = await reported(street.resident())
    with house.store.reader.connect() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())
    for secret in (code, code.replace("-", ""), PHONE):
        assert secret not in dump
        assert secret.encode().hex().upper() not in dump


async def test_nothing_of_the_hub_can_be_read_through_it(house, street):
    """Every path of the hub's own API, asked as its admin would; and no cookie is ever set."""
    boss, resident = await house.person("boss", Role.ADMIN), street.resident()
    await reported(resident)
    resident.cookies = boss.http.cookies
    own = {"/api/reports"}
    for path, methods in document()["paths"].items():
        if path in own:
            continue
        url = re.sub(r"{\w+}", "court", path)
        house.hand.pass_s(3600)  # so many paths are more than anybody's quota
        for method in methods:
            answer = await resident.request(
                method, url, headers={"X-CSRF-Token": boss.csrf, "Content-Length": "0"}
            )
            assert answer.status_code in {404, 405}, (method, path)
            assert "set-cookie" not in answer.headers
    assert (await resident.get("/api/reports")).status_code == 405
    for path in ("/openapi.json", "/assets/index.js", "/../application.py", "/page.css/../desk.py"):
        assert (await resident.get(path)).status_code == 404
    wrong = await resident.post("/api/status", json={"code": "0000-0000-0000-0000"})
    assert (wrong.status_code, wrong.json()["code"]) == (404, "not-found")


async def test_the_page_takes_no_markup_and_runs_no_script_but_its_own(street):
    answer = await street.resident().get("/")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy
    for name in ("page.js", "words.js", "index.html"):
        text = (PAGE / name).read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|insertAdjacentHTML|document\.write|eval\(|onclick=", text)


async def test_one_address_over_its_quota_keeps_nobody_else_out_until_all_together_are(
    house, street
):
    async def sent(address, count):
        resident = street.resident(address)
        answers = [await resident.post("/api/reports", json=a_report()) for _ in range(count)]
        return [answer.status_code for answer in answers]

    assert await sent("203.0.113.7", 5) == [201, 201, 201, 429, 429]
    assert await sent("203.0.113.8", 1) == [201]
    house_of_v6 = [await sent(f"2001:db8::{host:x}", 1) for host in range(1, 5)]
    assert house_of_v6 == [[201], [201], [201], [429]]
    assert await sent("203.0.113.9", 2) == [201, 429]  # eight in all
    assert street.quotas.take_refused() == 4
    house.hand.pass_s(3600)
    assert await sent("203.0.113.7", 3) == [201, 201, 429]  # five a day
    refused = await street.resident().post("/api/reports", json=a_report())
    assert int(refused.headers["retry-after"]) > 0


async def test_a_flood_costs_the_hub_no_write_and_holds_up_nobody(house, street, monkeypatch):
    guard, submit, writes = await house.person("guard", Role.GUARD), house.writer.submit, []

    def counted(priority, *given, **more):
        writes.append(priority)
        return submit(priority, *given, **more)

    monkeypatch.setattr(house.writer, "submit", counted)
    attackers = [street.resident(f"198.51.100.{n}") for n in range(20)]
    flood = [one.post("/api/reports", json=a_report()) for one in attackers for _ in range(15)]
    case = {"category": "fire-lane", "title": "门口", "note": "堵住了"}
    *answers, opened = await asyncio.gather(*flood, guard.post("/api/sites/court/cases", case))
    assert opened.status_code == 201
    taken = sum(answer.status_code == 201 for answer in answers)
    assert taken <= 8
    assert {answer.status_code for answer in answers} <= {201, 429, 503}
    assert sum(priority == Priority.MEDIA for priority in writes) == taken
    assert len(await cases(guard)) == taken + 1


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"headers": {"Origin": "https://evil.example"}}, 403, "foreign-origin"),
        ({"headers": {"Sec-Fetch-Site": "cross-site"}}, 403, "foreign-origin"),
        ({"headers": {"Host": "hub.example"}}, 421, "unknown-host"),
        ({"content": b"x" * 20_000}, 413, "too-large"),
        (
            {"content": b"x" * 20_000, "headers": {"Content-Length": f"{20_000:020}"}},
            413,
            "too-large",
        ),
        ({"json": {"what": "x"}}, 422, "invalid-request"),
        ({"json": a_report(category="fire-signal")}, 422, "bad-request"),
        ({"json": a_report(site="yard")}, 404, "not-found"),
        ({"json": a_report(phone="ring me")}, 422, "invalid-request"),
        ({"json": a_report(photos=["0" * 32])}, 422, "bad-request"),
        ({"json": a_report(what="x" * 1001)}, 422, "invalid-request"),
    ],
)
async def test_what_is_wrong_is_a_problem_and_no_case(house, street, more, status, code):
    guard = await house.person("guard", Role.GUARD)
    answer = await street.resident().post("/api/reports", **more)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await cases(guard) == []


async def test_thirty_megabytes_and_what_is_no_photo_are_refused(street):
    resident = street.resident()
    large = await resident.post("/api/photos?site=court", content=bytes(30_000_000))
    assert (large.status_code, large.json()["code"]) == (413, "too-large")
    none = await resident.post("/api/photos?site=court", content=b"<svg>")
    assert (none.status_code, none.json()["code"]) == (422, "not-a-photo")

    async def endless():
        yield b"x"

    unsaid = await resident.post("/api/photos?site=court", content=endless())
    assert unsaid.status_code == 411

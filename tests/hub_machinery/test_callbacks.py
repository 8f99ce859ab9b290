"""Platforms hear of the cases that they reported: signed, over crashes, and of no person."""

import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import pytest

from hub.access.machines import new_callback_secret
from hub.app.calling_back import posted
from hub.config import Role
from hub.notify import CallbackCourier
from hub.notify.callbacks import without_numbers
from hub.notify.senders import NotSentError
from hub.outbound import Guard
from hub.pipeline import CaseAct, OpenCase, Priority, ReportCase
from hub.store.people.machines import Machine, put_machine
from hub.store.reads.callbacks import callbacks_of, told_of
from hub.store.schema import notification
from hub.store.seal import CALLBACKS
from hub.store.write.reports import ReportKey
from tests.hub_machinery.estate import SITE, T0, a_line, done
from wire import Text

MIN = 60_000
SECRET = new_callback_secret()
HOTLINE = "0123456789abcdef"
STAFF = "zhang.wei"
URL = "https://12345.example/hear"


class Platform:
    """Takes what it is sent, and answers as it is told to."""

    def __init__(self):
        self.heard, self.answers = [], []

    def post(self, url, body, headers):
        self.heard.append((url, body, headers))
        answer = self.answers.pop(0) if self.answers else 204
        if isinstance(answer, str):
            raise NotSentError(answer)
        return answer

    @property
    def events(self):
        return [json.loads(body)["event"] for _, body, _ in self.heard]

    @property
    def bodies(self):
        return [json.loads(body) for _, body, _ in self.heard]


@pytest.fixture
def platform():
    return Platform()


@pytest.fixture
def line(tmp_path):
    with a_line(tmp_path) as one:
        register(one)
        yield one


def register(line, url=URL, name=HOTLINE, **more):
    machine = Machine(
        id=name,
        name="12345",
        sites=frozenset("*"),
        per_minute=60,
        secret_hash="0" * 64,
        created_at=T0,
        created_by="boss",
        changed_at=T0,
        callback_url=url,
        callback_secret=line.seal.seal(CALLBACKS, SECRET.encode()),
        **more,
    )
    done(line.writer.submit(Priority.PEOPLE, lambda connection: put_machine(connection, machine)))


def courier(line, post, now):
    return CallbackCourier(
        writer=line.writer,
        reader=line.store.reader,
        unseal=line.seal.open,
        post=post,
        now=lambda: now,
    )


def reported(line, key="20260101-0001", at=T0):
    opened = OpenCase(SITE, "fire-lane", Text.plain("堵了"), "machine:12345", "堵了")
    act = ReportCase(opened, ReportKey(HOTLINE, key, "0" * 64), reference="W-1")
    return done(line.pipeline.act(act, at))


def step(line, case, action, at, **given):
    act = CaseAct(SITE, case, action, STAFF, Role.ADMIN, **given)
    done(line.pipeline.act(act, at))


def states(line):
    return sorted(row["state"] for row in line.rows(notification))


async def test_each_step_that_concerns_the_platform_is_told_in_order_signed_and_names_nobody(
    line, platform
):
    case = reported(line)
    steps = [
        ("accept", {}),
        ("comment", {"note": "内部"}),
        ("dispatch", {"assignee": STAFF}),
        ("send-back", {"note": "不归我们，找张工 138 0013 8000"}),
        ("dispatch", {}),
        ("start", {}),
        ("report", {"resolution": "false-alarm", "note": "内部"}),
        ("rework", {"note": "再看"}),
        ("report", {"resolution": "not-found", "note": "内部"}),
        ("close", {}),
        ("assess", {"note": "内部"}),
        ("rate", {"rating": 4}),
        ("reopen", {"note": "又堵了"}),
    ]
    for row, (action, given) in enumerate(steps):
        now = T0 + (row + 1) * MIN
        step(line, case, action, now, **given)
        if row == 3:
            line.restart()  # what is written down outlives a crash
        await courier(line, platform.post, now).deliver()
    assert platform.events == [
        "accepted",
        "dispatched",
        "returned",
        "dispatched",
        "handling",
        "closed",
        "rated",
        "reopened",
    ]
    last = platform.bodies[5]
    assert (last["id"], last["reference"], last["state"]) == (case, "W-1", "closed")
    assert last["resolution"]["en"] == "Nothing found on site"
    assert platform.bodies[2]["reason"] == "不归我们，找张工 •••"
    said = json.dumps(platform.bodies, ensure_ascii=False)
    assert STAFF not in said
    assert "内部" not in said
    for url, body, headers in platform.heard:
        stamp = headers["Gatehouse-Timestamp"]
        right = hmac.digest(SECRET.encode(), f"{stamp}.".encode() + body, "sha256").hex()
        assert (url, headers["Gatehouse-Signature"]) == (URL, f"v1={right}")
    assert len({headers["Idempotency-Key"] for *_, headers in platform.heard}) == 8


async def test_what_is_rejected_says_why_and_what_nobody_reported_calls_nobody(line, platform):
    mine = reported(line)
    opened = OpenCase(SITE, "fire-lane", Text.plain("x"), "li", "x")
    other = done(line.pipeline.act(opened, T0))
    step(line, mine, "reject", T0 + MIN, note="属市政道路，请转交管")
    step(line, other, "reject", T0 + MIN, note="x")
    await courier(line, platform.post, T0 + MIN).deliver()
    (told,) = platform.bodies
    assert (told["event"], told["reason"]) == ("rejected", "属市政道路，请转交管")


async def test_what_was_merged_is_told_of_the_case_that_stands_for_it(line, platform):
    lead = done(line.pipeline.act(OpenCase(SITE, "fire-lane", Text.plain("x"), "li", "x"), T0))
    mine = reported(line)
    step(line, mine, "merge", T0 + MIN, other=lead)
    step(line, lead, "accept", T0 + 2 * MIN)
    step(line, lead, "close-directly", T0 + 3 * MIN, resolution="duplicate", note="x")
    for later in range(3):
        await courier(line, platform.post, T0 + (3 + later) * MIN).deliver()
    assert sorted(platform.events) == ["accepted", "closed", "merged"]
    assert {(one["id"], one["reference"]) for one in platform.bodies} == {(mine, "W-1")}
    (number,) = {one["merged_into"] for one in platform.bodies}
    assert number is not None


async def test_a_platform_that_is_away_is_tried_for_a_day_under_one_key_then_given_up_in_sight(
    line, platform
):
    case = reported(line)
    step(line, case, "accept", T0)
    platform.answers = [500, "TimeoutError", 302] * 20
    now = T0
    await courier(line, platform.post, now).deliver()
    await courier(line, platform.post, now + 500).deliver()
    assert len(platform.heard) == 1  # not sooner than it was said
    while states(line) == ["waiting"]:
        assert now < T0 + 60 * 60 * MIN
        now += 30 * MIN
        await courier(line, platform.post, now).deliver()
    assert now > T0 + 20 * 60 * MIN
    assert states(line) == ["failed"]
    assert len({headers["Idempotency-Key"] for *_, headers in platform.heard}) == 1
    with line.store.reader.connect() as connection:
        (row,) = callbacks_of(connection, HOTLINE, 10)
        assert told_of(connection)[HOTLINE].failed == 1
    assert (row["ref"], row["tries"]) == (case, 40)
    assert "12345.example" not in row["error"]


@pytest.mark.parametrize(
    ("change", "why"),
    [({"ended_at": T0}, "credential has ended"), ({"url": None}, "no address")],
)
async def test_what_waits_for_a_system_that_is_gone_fails_and_is_not_sent(
    line, platform, change, why
):
    step(line, reported(line), "accept", T0)
    register(line, **change)
    await courier(line, platform.post, T0).deliver()
    assert platform.heard == []
    assert why in line.rows(notification)[0]["error"]


@pytest.mark.socket
async def test_a_real_receiver_gets_it_where_the_guard_lets_it_and_is_followed_nowhere(line):
    taken = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append((self.path, json.loads(body)["event"]))
            self.send_response(307 if len(taken) == 1 else 200)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_):
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            register(line, url=f"http://127.0.0.1:{server.server_address[1]}/hear")
            step(line, reported(line), "accept", T0)
            for minutes, allowed in enumerate([(), ["127.0.0.0/8"], ["127.0.0.0/8"]]):
                guard = Guard([ip_network(one) for one in allowed])
                now = T0 + minutes * MIN

                def post(url, body, headers, guard=guard):
                    return posted(guard, url, body, headers)

                await courier(line, post, now).deliver()
        finally:
            server.shutdown()
            thread.join()
    assert taken == [("/hear", "accepted")] * 2  # never without leave, and never /elsewhere
    assert states(line) == ["sent"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("车牌沪A12345挡道", "车牌•••挡道"),
        ("新能源沪AD12345", "新能源•••"),
        ("请打 021-5555 0101", "请打 •••"),
        ("卡号62220200001234", "卡号•••"),
        ("2 单元 3 层，案件 20", "2 单元 3 层，案件 20"),
    ],
)
def test_the_reason_is_told_without_what_looks_like_a_plate_card_or_telephone_number(said, told):
    assert without_numbers(said) == told

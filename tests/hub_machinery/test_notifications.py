"""From the decision to call somebody to a message at a real receiver, over crashes."""

import asyncio
import base64
import hashlib
import hmac
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from urllib.parse import parse_qs, urlsplit

import pytest

from hub.access.accept_links import key_of
from hub.alerts import Alert, AlertState
from hub.cases import Case, CaseState
from hub.config import Role
from hub.config.channels import Channels, load_channels
from hub.config.org import load_org
from hub.errors import ConfigError
from hub.notify import Courier
from hub.notify.message import of_alert, of_case
from hub.outbound import Guard
from hub.pipeline import CaseAct, OpenCase
from hub.pipeline.case_calls import WORDS
from hub.store.schema import accept_link, notification
from tests.hub_machinery.estate import SITE, T0, a_line, done
from tests.shipped import CONFIGS
from wire import Text

pytestmark = pytest.mark.socket

MIN = 60_000
SECRET = "SEC" + "0f" * 16
PLATE = "沪A12345"


class Receiver:
    """A web service that takes what it is sent and answers as it is told to."""

    def __init__(self):
        self.taken, self.answers = [], []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.taken.append((self.path, json.loads(body)))
                status, answer = outer.answers.pop(0) if outer.answers else (200, {"errcode": 0})
                if status is None:
                    self.wfile.write(answer)
                    return
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            def log_message(self, *_):
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]

    def __enter__(self):
        self._thread = threading.Thread(target=self.server.serve_forever)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()


@pytest.fixture
def receiver():
    with Receiver() as one:
        yield one


@pytest.fixture
def channels(receiver):
    """WeCom's channel goes to DingTalk, SMS to a webhook by Apprise."""
    robot = f"http://127.0.0.1:{receiver.port}/robot/send?access_token=t"
    table = [
        {"id": "wecom", "kind": "dingtalk-card", "to": {"*": {"url": robot, "secret": SECRET}}},
        {"id": "sms", "to": {"street-centre": {"url": f"json://127.0.0.1:{receiver.port}/sms"}}},
    ]
    return Channels.model_validate({"channel": table})


@pytest.fixture
def line(tmp_path, channels):
    with a_line(tmp_path, channels=channels) as one:
        yield one


def courier(line, channels, now, *, public_url="https://hub.example/"):
    return Courier(
        writer=line.writer,
        reader=line.store.reader,
        channels=channels,
        public_url=public_url,
        org=load_org(CONFIGS / "org"),
        guard=Guard([ip_network("127.0.0.0/8")]),
        now=lambda: now,
    )


def overdue(line):
    """A case that the community did not accept in time; it is the street's now."""
    title = Text(zh=f"{PLATE} 挡道", en=f"{PLATE} in the way")
    case = done(line.pipeline.act(OpenCase(SITE, "fire-lane", title, "li", f"{PLATE} again"), T0))
    done(line.pipeline.tick(T0 + 16 * MIN))
    return case


def states(line):
    return sorted(row["state"] for row in line.rows(notification))


async def test_an_overdue_case_reaches_dingtalk_signed_and_a_webhook_and_names_nobody(
    line, channels, receiver
):
    case = overdue(line)
    assert states(line) == ["waiting", "waiting"]
    now = T0 + 17 * MIN
    assert await courier(line, channels, now).deliver() == 2
    assert states(line) == ["sent", "sent"]
    by_path = {urlsplit(path).path: (path, body) for path, body in receiver.taken}
    path, card = by_path["/robot/send"]
    given = parse_qs(urlsplit(path).query)
    signed = hmac.new(SECRET.encode(), f"{now}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert given["timestamp"] == [str(now)]
    assert given["sign"] == [base64.b64encode(signed).decode()]
    assert card["msgtype"] == "actionCard"
    assert card["actionCard"]["singleURL"] == f"https://hub.example/cases/{case}"
    assert "消防通道堵塞" in card["actionCard"]["title"]
    assert f"https://hub.example/cases/{case}" in by_path["/sms"][1]["message"]
    assert PLATE not in json.dumps(receiver.taken, ensure_ascii=False)


async def test_what_waits_outlives_a_crash_and_goes_out_once(line, channels, receiver):
    overdue(line)
    line.restart()
    done(line.pipeline.tick(T0 + 17 * MIN))
    for later in range(3):
        await courier(line, channels, T0 + (18 + later) * MIN).deliver()
    assert len(receiver.taken) == 2


async def test_what_is_refused_is_tried_again_later_and_not_sooner(line, channels, receiver):
    overdue(line)
    receiver.answers = [(500, {}), (200, {"errcode": 310000})]
    now = T0 + 17 * MIN
    assert await courier(line, channels, now).deliver() < 2
    tries = len(receiver.taken)
    await courier(line, channels, now + 500).deliver()
    assert len(receiver.taken) == tries
    for later in range(1, 6):
        await courier(line, channels, now + later * MIN).deliver()
    assert states(line) == ["sent", "sent"]


async def test_a_service_that_speaks_no_http_is_tried_again_and_ends_nothing(
    line, channels, receiver
):
    overdue(line)
    receiver.answers = [(None, b"what?\r\n\r\n"), (None, b"what?\r\n\r\n")]
    assert await courier(line, channels, T0 + 17 * MIN).deliver() == 0
    assert await courier(line, channels, T0 + 30 * MIN).deliver() == 2


async def test_a_dead_service_is_given_up_at_last_and_no_address_is_written_anywhere(
    tmp_path, line, channels, receiver, capsys
):
    overdue(line)
    receiver.server.shutdown()
    receiver.server.server_close()
    for later in range(20):
        await courier(line, channels, T0 + (17 + later * 15) * MIN).deliver()
    assert states(line) == ["failed", "failed"]
    errors = [row["error"] for row in line.rows(notification)]
    said = capsys.readouterr().out + "".join(errors)
    assert "access_token" not in said
    assert SECRET not in said


async def test_a_case_that_was_taken_meanwhile_calls_nobody(line, channels, receiver):
    case = overdue(line)
    done(line.pipeline.act(CaseAct(SITE, case, "accept", "li", Role.GUARD), T0 + 17 * MIN))
    assert await courier(line, channels, T0 + 18 * MIN).deliver() == 0
    assert states(line) == ["withdrawn", "withdrawn"]
    assert receiver.taken == []


async def test_a_dispatched_case_calls_the_department_that_leads(line, channels, receiver):
    case = overdue(line)
    act = CaseAct(SITE, case, "accept", "li", Role.GUARD)
    done(line.pipeline.act(act, T0 + 17 * MIN))
    act = CaseAct(SITE, case, "dispatch", "chen", Role.SUPERVISOR, assignee="wang")
    done(line.pipeline.act(act, T0 + 18 * MIN))
    await courier(line, channels, T0 + 18 * MIN).deliver()
    (taken,) = receiver.taken
    assert "请处置" in taken[1]["actionCard"]["title"]
    (row,) = line.rows(notification, notification.c.state == "sent")
    assert row["post"] == "property-manager"


async def test_the_loop_goes_on_when_the_store_is_away_for_a_moment(line, channels):
    one = courier(line, channels, T0)
    task = asyncio.create_task(one.run(0.01))
    await asyncio.sleep(0.05)
    assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def test_a_file_of_addresses_that_others_can_read_is_refused(tmp_path):
    path = tmp_path / "channels.toml"
    path.write_text('[[channel]]\nid = "sms"\nto = { "*" = { url = "json://x" } }\n')
    path.chmod(0o644)
    org = load_org(CONFIGS / "org")
    with pytest.raises(ConfigError, match="chmod 600"):
        load_channels(path, org)
    path.chmod(0o600)
    assert load_channels(path, org).channel("sms").address("patrol-lead") is not None
    path.write_text('[[channel]]\nid = "sms"\nto = { nobody = { url = "json://x" } }\n')
    with pytest.raises(ConfigError, match="no post 'nobody'"):
        load_channels(path, org)


def links_of(receiver):
    """The accept links of what was taken, by where it went."""
    found = {}
    for path, body in receiver.taken:
        name = urlsplit(path).path
        buttons = body.get("actionCard", {}).get("btns", [])
        urls = [one["actionURL"] for one in buttons] + body.get("message", "").split()
        found[name] = [url for url in urls if "/accept/" in url]
    return found


async def test_a_link_to_accept_goes_to_one_person_alone_and_its_token_is_kept_nowhere(
    line, receiver
):
    robot = {"url": f"http://127.0.0.1:{receiver.port}/robot/send", "personal": True}
    group = {"url": f"json://127.0.0.1:{receiver.port}/group"}
    channels = Channels.model_validate(
        {
            "channel": [
                {"id": "wecom", "kind": "dingtalk-card", "to": {"*": robot}},
                {"id": "sms", "to": {"*": group}},
            ]
        }
    )
    case = overdue(line)
    await courier(line, channels, T0 + 17 * MIN).deliver()
    found = links_of(receiver)
    assert found["/group"] == []
    (url,) = found["/robot/send"]
    (row,) = line.rows(accept_link)
    assert (row["case_id"], row["action"], row["post"]) == (case, "accept", "street-centre")
    token = url.removeprefix("https://hub.example/accept/")
    assert row["key"] == key_of(token)
    assert token not in str(line.rows(accept_link)) + str(line.rows(notification))


async def test_without_a_public_url_no_message_holds_a_link(line, channels, receiver):
    overdue(line)
    assert await courier(line, channels, T0 + 17 * MIN, public_url=None).deliver() == 2
    said = json.dumps(receiver.taken, ensure_ascii=False)
    assert "://" not in said.replace("json://", "")
    assert "消防通道堵塞" in said
    assert {body.get("msgtype") for _, body in receiver.taken} == {"markdown", None}


PRIVATE = (PLATE, "王小明", "13800138000", "00112233445566", "3-1-1201")
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
PLATE_LIKE = re.compile(f"[{PROVINCES}][A-Z][A-Z0-9]{{5,6}}")
NUMBER_LIKE = re.compile(r"[0-9A-Fa-f]{8,}")


def every_message(line):
    """What the outbox can say at all: every alarm, every category for every reason."""
    words = Text.plain(" ".join(PRIVATE))
    for alarm in line.alarms.values():
        alert = Alert(
            id="a" * 16,
            site=SITE,
            device="gate-east",
            condition=alarm.id,
            occurrence=1,
            priority=alarm.priority,
            state=AlertState.UNACKNOWLEDGED,
            at=T0,
            received_at=T0,
            acknowledged_by=PRIVATE[1],
            detail={"plate": PRIVATE[0], "subject": PRIVATE[3], "name": PRIVATE[1]},
        )
        yield of_alert(alert, alarm.name, line.registry.place(SITE, "gate-east"), alarm.response)
    for category in line.catalogue.categories.values():
        for why in WORDS:
            case = Case(
                id="c" * 16,
                site=SITE,
                number="20260131-007",
                category=category.id,
                title=words,
                priority=category.priority,
                state=CaseState.DISPATCHED,
                opened_at=T0,
                updated_at=T0,
                place=words,
                assignee=PRIVATE[1],
            )
            yield of_case(case, category.name, line.registry.place(SITE, "gate-east"), why)


def test_no_message_of_any_kind_holds_a_plate_a_name_a_card_or_what_a_person_wrote(line):
    count = 0
    for message in every_message(line):
        said = json.dumps(message.dump(), ensure_ascii=False).replace(message.path, "")
        assert not [one for one in PRIVATE if one in said], said
        assert PLATE_LIKE.search(said) is None, said
        assert NUMBER_LIKE.search(said.replace("20260131", "")) is None, said
        count += 1
    assert count > 300

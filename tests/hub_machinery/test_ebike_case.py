"""An e-bike in an elevator, from its frames to the rating of its case; a crash at each step."""

import hashlib
import json

import pytest

from hub.config import Role
from hub.pipeline import AlertAct, CaseAct
from hub.store.schema import alert, case_, case_history, evidence
from hub.store.write.photos import NewPhoto, add_photo
from tests.hub_machinery import estate
from tests.hub_machinery.estate import SITE, T0, Agent, done
from tests.hub_machinery.test_ebike_line import BIKE, CAR, look, show
from tests.hub_machinery.test_notifications import channels, courier, receiver

__all__ = ["channels", "receiver"]

pytestmark = pytest.mark.socket

MIN = 60_000
GUARD, CHIEF = ("wang", Role.GUARD), ("zhang", Role.SUPERVISOR)
PHOTO = "0" * 31 + "1"


@pytest.fixture
def line(tmp_path, monkeypatch, channels):
    monkeypatch.setattr(estate, "SITE_FILE", estate.SITE_FILE + CAR)
    with estate.a_line(tmp_path, channels=channels) as made:
        yield made


def the_case(line):
    (row,) = line.rows(case_)
    return row


def take_photo(line, now):
    """What the API writes down once the bytes of a photo are on the disk."""
    photo = NewPhoto(PHOTO, SITE, "wang", hashlib.sha256(b"bike outside").hexdigest(), 12)
    done(line.writer.submit(5, lambda connection: add_photo(connection, photo, now)))


async def test_an_e_bikes_alarm_becomes_a_case_that_is_sent_handled_closed_and_rated(
    line, channels, receiver
):
    agent = Agent("lift")
    with look(line) as stream:
        for step in range(4):
            show(line, stream, agent, T0 + step * 400, BIKE)
    (alarm,) = line.rows(alert)
    assert alarm["case_id"] == the_case(line)["id"]
    done(line.pipeline.act(AlertAct(SITE, alarm["id"], "acknowledge", "wang"), T0 + 5_000))

    now = T0 + MIN
    take_photo(line, now)
    standard = line.catalogue.categories["e-bike-indoors"].standard
    for (actor, role), action, given in (
        (GUARD, "accept", {}),
        (CHIEF, "dispatch", {"department": "property", "note": "请到场劝导"}),
        (GUARD, "start", {}),
        (GUARD, "report", {"resolution": "persuaded", "note": "推到室外", "photos": (PHOTO,)}),
        *((CHIEF, "tick", {"item": item.id}) for item in standard),
        (CHIEF, "close", {}),
        (CHIEF, "assess", {"note": "六分钟"}),
        (CHIEF, "rate", {"rating": 5}),
    ):
        case = the_case(line)
        act = CaseAct(SITE, case["id"], action, actor, role, version=case["version"], **given)
        done(line.pipeline.act(act, now))
        await courier(line, channels, now + 1_000).deliver()
        line.restart()
        now += MIN

    case = the_case(line)
    assert (case["state"], case["department"], case["resolution"], case["rating"]) == (
        "rated",
        "property",
        "persuaded",
        5,
    )
    (sent,) = [
        body for _, body in receiver.taken if "请处置" in json.dumps(body, ensure_ascii=False)
    ]
    assert sent["msgtype"] == "actionCard"
    assert "电动车进楼充电" in sent["actionCard"]["title"]
    assert f"/cases/{case['id']}" in json.dumps(sent)
    steps = line.rows(case_history, case_history.c.case_id == case["id"])
    assert len(steps) == case["version"]
    assert [step["to_state"] for step in steps if step["to_state"] != step["from_state"]] == [
        "discovered",
        "accepted",
        "dispatched",
        "handling",
        "verifying",
        "closed",
        "assessed",
        "rated",
    ]
    (photo,) = line.rows(evidence, evidence.c.id == PHOTO)
    assert photo["case_id"] == case["id"]

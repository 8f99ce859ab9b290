"""What an elevator's panel pushes, in the words of its kind; and a panel against a whole agent."""

import json
import secrets
from typing import Any

import aiohttp
import pytest

from edge.agent import Agent
from edge.config import EdgeConfig
from edge.panel.records import KIND, read_push
from simulators.ledger import Ledger
from simulators.panel import ElevatorPanel
from wire import Lane
from wire.observation import decode_observations

SEEN = 1_772_580_000_000
TOKEN = "test-" + secrets.token_urlsafe(16)
GOOD = {"record_id": "r1", "event": "access", "result": "granted"}


def read(*records: object):
    body = json.dumps({"records": list(records)}).encode()
    return read_push(body, device="panel-b1", seen=SEEN, utc_offset_min=480)


@pytest.mark.parametrize(
    ("record", "signals"),
    [
        (
            {"card": "80045", "floor": 12, "floors": [12, 1, 12]},
            {
                "event": "granted",
                "method": "card",
                "credential": "80045",
                "floor": 12,
                "floors": "1 12",
            },
        ),
        ({"floors": [7]}, {"event": "granted", "floor": 7, "floors": "7"}),
        ({"floors": [7, 8]}, {"event": "granted", "floors": "7 8"}),
        (
            {"result": "denied", "phone": "138", "floor": -2, "reason": "not-allowed-here"},
            {
                "event": "denied",
                "method": "phone",
                "credential": "138",
                "floor": -2,
                "reason": "not-allowed-here",
            },
        ),
        ({"event": "called", "floor": 1}, {"event": "called", "floor": 1}),
        ({"event": "state", "card": None, "firmware": 3}, {"event": "state"}),
    ],
)
def test_record_becomes_signals_of_the_kind(record: dict[str, Any], signals: dict[str, object]):
    push = read(GOOD | record)
    assert push.rejected == ()
    (seen,) = push.observations
    assert (seen.signals, seen.device, seen.kind) == (signals, "panel-b1", KIND.id)
    assert set(signals) <= {one.id for one in KIND.signals}


@pytest.mark.parametrize(
    ("record", "field"),
    [
        ({"result": None}, "result"),
        ({"event": "called"}, "floor"),
        ({"floor": 301}, "floor"),
        ({"floor": "3"}, "floor"),
        ({"floors": list(range(101))}, "floors"),
        ({"card": "1", "code": "2"}, "code"),
        ({"event": "opened"}, "event"),
        ({"record_id": None}, "record_id"),
    ],
)
def test_record_that_cannot_be_read_is_refused_and_the_others_are_kept(record, field):
    push = read(GOOD | record, GOOD | {"record_id": "r2"})
    ((index, detail),) = push.rejected
    assert (index, detail.partition(":")[0]) == (0, field)
    assert "80045" not in detail
    assert [one.source_id for one in push.observations] == ["r2"]


@pytest.mark.socket
async def test_what_a_panel_pushes_is_stored_once_and_nothing_without_its_token(tmp_path, clock):
    records: list[dict[str, Any]] = []
    with Ledger(tmp_path / "truth.jsonl", read=lambda: 0.0) as ledger:
        panel = ElevatorPanel(
            "panel-b1",
            clock=clock,
            ledger=ledger,
            put=records.append,
            home={"80045": 12}.get,
        )
        assert [panel.choose("80045", 12), panel.choose("80045", 1)] == [True, True]
        assert [panel.choose("80045", 11), panel.choose("70000", 12)] == [False, False]
        panel.report_state()
    config = EdgeConfig.model_validate(
        {
            "site": "s",
            "agent": "a",
            "data": tmp_path,
            "mqtt": {"url": "mqtt://127.0.0.1:1"},
            "http": {"listen": "127.0.0.1:0"},
            "driver": [{"type": "http-panel", "device": [{"id": "panel-b1", "token": TOKEN}]}],
        }
    )
    async with Agent(config, clock) as agent, aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{agent.http_port}/panel/panel-b1/events"
        statuses = []
        for token in ("wrong-" + TOKEN, TOKEN, TOKEN):
            headers = {"Authorization": f"Bearer {token}"}
            async with session.post(url, json={"records": records}, headers=headers) as answer:
                statuses.append((answer.status, (await answer.json()).get("stored")))
        assert statuses == [(401, None), (200, 5), (200, 0)]
        entries = await agent.outbox.unacked(Lane.EVENT, 0, 10)
    told = [one.signals for entry in entries for one in decode_observations(entry.body)]
    assert [one["event"] for one in told] == ["granted", "granted", "denied", "denied", "state"]
    assert [one.get("reason") for one in told[2:4]] == ["not-allowed-here", "unknown-credential"]

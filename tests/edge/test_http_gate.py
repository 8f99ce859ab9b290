"""Gate controllers against a whole agent: pushes in, commands out."""

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.agent import Agent
from edge.config import EdgeConfig
from edge.errors import ConfigError
from edge.push import MAX_BODY_BYTES
from wire import Clock, Command, Lane, Observation, ReceiptState
from wire.command import decode_receipts
from wire.observation import decode_observations

pytestmark = pytest.mark.socket

HUB_KEY = Ed25519PrivateKey.generate()
TOKEN = "test-" + secrets.token_urlsafe(16)
AUTH = {"Authorization": f"Bearer {TOKEN}"}
PROBLEM = "application/problem+json"
OPENED = {"record_id": "r1", "event": "opened", "open": True}


def config(
    folder: Path, site: str = "s", broker: int = 1, controller: str | None = None
) -> EdgeConfig:
    gate: dict[str, object] = {"id": "gate-east", "token": TOKEN}
    if controller:
        gate["controller"] = controller
    return EdgeConfig.model_validate(
        {
            "site": site,
            "agent": "gates",
            "data": folder,
            "heartbeat_s": 0.5,
            "hub_key": HUB_KEY.public_key().public_bytes_raw().hex(),
            "mqtt": {"url": f"mqtt://127.0.0.1:{broker}"},
            "http": {"listen": "127.0.0.1:0"},
            "driver": [
                {"type": "http-gate", "device": [gate, {"id": "gate-west", "token": TOKEN[::-1]}]}
            ],
        }
    )


class Pusher:
    """A controller's side of one agent."""

    def __init__(self, agent: Agent, session: aiohttp.ClientSession) -> None:
        self.agent = agent
        self._session = session
        self.url = f"http://127.0.0.1:{agent.http_port}/gate/gate-east/events"

    async def push(self, *records: object) -> tuple[int, dict[str, Any]]:
        return await self.post(json.dumps({"records": list(records)}).encode())

    async def post(
        self, body: bytes, headers: dict[str, str] | None = None, url: str | None = None
    ) -> tuple[int, dict[str, Any]]:
        headers = AUTH if headers is None else headers
        async with self._session.post(url or self.url, data=body, headers=headers) as answer:
            if answer.status != 200:
                assert answer.content_type == PROBLEM
            self.headers = answer.headers
            return answer.status, await answer.json(content_type=answer.content_type)

    async def stored(self, lane: Lane = Lane.EVENT) -> list[Observation]:
        rows = await self.agent.outbox.unacked(lane, 0, 1000)
        return [seen for row in rows for seen in decode_observations(row.body)]


@asynccontextmanager
async def pushing(settings: EdgeConfig, clock: Clock) -> AsyncIterator[Pusher]:
    async with Agent(settings, clock) as agent, aiohttp.ClientSession() as session:
        yield Pusher(agent, session)


@pytest.fixture
async def pusher(tmp_path, clock) -> AsyncIterator[Pusher]:
    async with pushing(config(tmp_path), clock) as pusher:
        yield pusher


async def test_push_is_answered_once_it_is_stored(pusher: Pusher) -> None:
    moment = "2026-03-04T07:31:05+08:00"
    status, answer = await pusher.push(OPENED | {"time": moment}, OPENED | {"record_id": "r2"})
    assert (status, answer) == (200, {"stored": 2, "repeated": 0})
    seen = await pusher.stored()
    assert [one.source_id for one in seen] == ["r1", "r2"]
    assert seen[0].at == 1_772_580_665_000
    assert abs(seen[0].seen - pusher.agent.clock.now()) < 10_000
    assert seen[0].signals == {"event": "opened", "open": True}
    assert pusher.agent.outbox.backlog(Lane.EVENT) == 1


async def test_repeated_push_is_answered_and_not_stored_again(pusher: Pusher) -> None:
    assert await pusher.push(OPENED) == (200, {"stored": 1, "repeated": 0})
    assert await pusher.push(OPENED) == (200, {"stored": 0, "repeated": 1})
    both = OPENED, OPENED | {"record_id": "r2"}, OPENED | {"record_id": "r2"}
    assert await pusher.push(*both) == (200, {"stored": 1, "repeated": 2})
    assert [one.source_id for one in await pusher.stored()] == ["r1", "r2"]


async def test_push_repeated_while_the_first_is_on_its_way_is_stored_once(pusher: Pusher) -> None:
    answers = await asyncio.gather(*(pusher.push(OPENED) for _ in range(10)))
    assert sum(answer["stored"] for _, answer in answers) == 1
    assert len(await pusher.stored()) == 1


async def test_push_repeated_after_a_restart_is_recognised(tmp_path, clock) -> None:
    async with pushing(config(tmp_path), clock) as pusher:
        await pusher.push(OPENED)
    async with pushing(config(tmp_path), clock) as pusher:
        assert await pusher.push(OPENED) == (200, {"stored": 0, "repeated": 1})
        assert len(await pusher.stored()) == 1


async def test_same_record_id_of_another_gate_is_another_record(pusher: Pusher) -> None:
    await pusher.push(OPENED)
    status, answer = await pusher.post(
        json.dumps({"records": [OPENED]}).encode(),
        {"Authorization": f"Bearer {TOKEN[::-1]}"},
        pusher.url.replace("gate-east", "gate-west"),
    )
    assert (status, answer["stored"]) == (200, 1)


async def test_full_disk_is_answered_503_and_the_push_succeeds_later(pusher: Pusher) -> None:
    connection = pusher.agent.outbox._worker._store.connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    records = [OPENED | {"record_id": f"r{n}", "card": "c" * 500} for n in range(100)]
    status, answer = await pusher.push(*records)
    assert (status, answer["status"], pusher.headers["Retry-After"]) == (503, 503, "5")
    assert await pusher.stored() == []
    connection.execute("PRAGMA max_page_count = 1000000")
    assert await pusher.push(*records) == (200, {"stored": 100, "repeated": 0})


async def test_unreadable_record_does_not_hold_back_its_neighbours(pusher: Pusher) -> None:
    bad = {"record_id": "r2", "event": "exploded"}
    status, answer = await pusher.push(OPENED, bad, OPENED | {"record_id": "r3"})
    assert status == 400
    assert (answer["stored"], answer["repeated"]) == (2, 0)
    assert [one["index"] for one in answer["rejected"]] == [1]
    assert answer["detail"].startswith("records[1].event: ")
    assert [one.source_id for one in await pusher.stored()] == ["r1", "r3"]
    await pusher.push(OPENED | {"record_id": "r4"})
    status_of_gate = pusher.agent.status().devices["gate-east"]
    assert status_of_gate.detail == "1 unreadable records so far"


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer wrong-wrong-wrong"}, {"X": TOKEN}]
)
async def test_wrong_token_is_refused(pusher: Pusher, header: dict[str, str]) -> None:
    status, _ = await pusher.post(json.dumps({"records": [OPENED]}).encode(), header)
    assert status == 401
    assert await pusher.stored() == []


async def test_token_of_another_gate_is_refused(pusher: Pusher) -> None:
    status, _ = await pusher.post(b"{}", {"Authorization": f"Bearer {TOKEN[::-1]}"})
    assert status == 401


async def test_unknown_gate_and_other_methods_are_refused(pusher: Pusher) -> None:
    elsewhere = pusher.url.replace("gate-east", "gate-north")
    assert (await pusher.post(b"{}", url=elsewhere))[0] == 404
    async with aiohttp.ClientSession() as session, session.get(pusher.url) as answer:
        assert (answer.status, answer.content_type) == (405, PROBLEM)


async def test_body_over_the_limit_is_refused(pusher: Pusher) -> None:
    status, _ = await pusher.post(b" " * (MAX_BODY_BYTES + 1))
    assert status == 413


async def test_unreadable_body_is_refused_with_a_reason(pusher: Pusher) -> None:
    status, answer = await pusher.post(b'{"records": [')
    assert status == 400
    assert answer["detail"].startswith("body: not JSON")


async def test_fire_overtakes_in_the_life_lane(pusher: Pusher) -> None:
    fire = {"record_id": "f", "event": "state", "open": False, "fire": True}
    assert await pusher.push(OPENED, fire) == (200, {"stored": 2, "repeated": 0})
    assert [one.source_id for one in await pusher.stored(Lane.LIFE)] == ["f"]
    assert [one.source_id for one in await pusher.stored(Lane.EVENT)] == ["r1"]
    assert pusher.agent._actuation.actuators["gate-east"].state == "fire"


async def test_skew_of_the_device_clock_is_shown(pusher: Pusher) -> None:
    assert not pusher.agent.status().devices["gate-east"].ok
    late = pusher.agent.clock.now() - 3_600_000
    await pusher.push(OPENED | {"time": late})
    status = pusher.agent.status().devices["gate-east"]
    assert status.ok
    assert status.skew_ms is not None
    assert -3_610_000 < status.skew_ms <= -3_600_000


async def test_address_in_use_is_one_clear_line(tmp_path, clock, pusher: Pusher) -> None:
    settings = config(tmp_path / "other")
    taken = f"127.0.0.1:{pusher.agent.http_port}"
    http = settings.http.model_copy(update={"listen": taken})
    with pytest.raises(ConfigError, match=f"http.listen: {taken}: "):
        async with Agent(settings.model_copy(update={"http": http}), clock):
            pytest.fail("two agents listen on one port")


class Controller:
    """A real HTTP server in a gate controller's place. status: what it answers."""

    def __init__(self) -> None:
        self.orders: list[dict[str, Any]] = []
        self.status = 200
        self.delay_s = 0.0
        self.url = ""

    async def command(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == AUTH["Authorization"]
        self.orders.append(await request.json())
        await asyncio.sleep(self.delay_s)
        return web.Response(status=self.status)


@pytest.fixture
async def controller() -> AsyncIterator[Controller]:
    controller = Controller()
    app = web.Application()
    app.router.add_post("/command", controller.command)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    controller.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield controller
    await runner.cleanup()


def order(hub, action: str, number: int, **more: object) -> Command:
    nonce = next(status.nonce for status in reversed(hub.statuses) if status.nonce)
    return Command.model_validate(
        {
            "id": f"{number:032x}",
            "site": hub.site,
            "agent": "gates",
            "device": "gate-east",
            "action": action,
            "nonce": nonce,
            "operator": "guard",
            **more,
        }
    ).signed(HUB_KEY.sign)


def receipts(hub) -> list[tuple[int, str, str]]:
    bodies = [body for (_, lane, _), body in sorted(hub.bodies.items()) if lane is Lane.LIFE]
    return [
        (int(one.command, 16), one.state, one.detail)
        for body in bodies
        for one in decode_receipts(body)
    ]


async def test_command_goes_from_the_hub_to_the_controller_and_its_receipt_back(
    tmp_path, site, mosquitto, hub, clock, until, controller
):
    settings = config(tmp_path, site, mosquitto.port, controller.url)
    async with Agent(settings, clock) as agent:
        await asyncio.wait_for(agent.connected.wait(), 45)
        await until(lambda: any(status.nonce for status in hub.statuses))
        command = order(hub, "hold-open", 1, lease_s=0.5)
        await hub.order("gates", command)
        await hub.order("gates", command)
        await hub.order("gates", command.model_copy(update={"id": "f" * 32}))
        await until(lambda: len(receipts(hub)) >= 3)
    assert controller.orders == [
        {"action": "hold-open", "id": command.id, "lease_s": 0.5},
        {"action": "release", "id": command.id},
    ]
    assert sorted(receipts(hub)) == [
        (1, ReceiptState.EXECUTED, ""),
        (1, ReceiptState.RELEASED, "lease ran out"),
        (int("f" * 32, 16), ReceiptState.REFUSED, "signature is not the hub's"),
    ]


async def test_controller_that_refuses_hangs_or_is_gone_is_reported(
    tmp_path, site, mosquitto, hub, clock, until, controller
):
    settings = config(tmp_path, site, mosquitto.port, controller.url)
    async with Agent(settings, clock):
        await until(lambda: any(status.nonce for status in hub.statuses))
        controller.status = 500
        await hub.order("gates", order(hub, "open", 1))
        await until(lambda: len(receipts(hub)) == 1)
        controller.delay_s = 30
        began = time.monotonic()
        await hub.order("gates", order(hub, "open", 2))
        await until(lambda: len(receipts(hub)) == 2)
        assert time.monotonic() - began < 20
    assert receipts(hub) == [
        (1, ReceiptState.FAILED, "device answered 500"),
        (2, ReceiptState.FAILED, "device gave no answer in 2 s"),
    ]


async def test_stopped_agent_has_let_go_and_said_goodbye(
    tmp_path, site, mosquitto, hub, clock, until, controller
):
    settings = config(tmp_path, site, mosquitto.port, controller.url)
    async with Agent(settings, clock):
        await until(lambda: any(status.nonce for status in hub.statuses))
        await hub.order("gates", order(hub, "hold-open", 1, lease_s=100))
        await until(lambda: len(controller.orders) == 1)
    assert [one["action"] for one in controller.orders] == ["hold-open", "release"]
    await until(lambda: hub.statuses[-1].state == "offline")

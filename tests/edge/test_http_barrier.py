"""Barrier controllers against a whole agent: pushes with pictures in, commands out."""

import asyncio
import base64
import hashlib
import io
import json
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from edge.agent import PICTURE_FOLDER, Agent
from edge.barrier.records import MAX_PICTURE_BYTES
from edge.config import EdgeConfig
from edge.drivers.http_barrier import MAX_BODY_BYTES
from edge.errors import DeviceError
from wire import Clock, Lane, Observation
from wire.observation import decode_observations

pytestmark = pytest.mark.socket

TOKEN = "test-" + secrets.token_urlsafe(16)
AUTH = {"Authorization": f"Bearer {TOKEN}"}
JPEG = b"\xff\xd8\xff\xe0" + b"pixels" * 20
HASH = hashlib.sha256(JPEG).hexdigest()
SEEN = {
    "record_id": "r1",
    "event": "seen",
    "plate": "粤B12345",
    "colour": "blue",
    "confidence": 97,
    "direction": "in",
    "result": "allowed",
    "picture": base64.b64encode(JPEG).decode(),
}


def config(folder: Path, controller: str | None = None) -> EdgeConfig:
    barrier: dict[str, object] = {"id": "barrier-in", "token": TOKEN}
    if controller:
        barrier["controller"] = controller
    return EdgeConfig.model_validate(
        {
            "site": "s",
            "agent": "barriers",
            "data": folder,
            "mqtt": {"url": "mqtt://127.0.0.1:1"},
            "http": {"listen": "127.0.0.1:0"},
            "driver": [{"type": "http-barrier", "device": [barrier]}],
        }
    )


class Camera:
    """A controller's side of one agent."""

    def __init__(self, agent: Agent, session: aiohttp.ClientSession) -> None:
        self.agent = agent
        self._session = session
        self.url = f"http://127.0.0.1:{agent.http_port}/barrier/barrier-in/events"

    async def push(self, *records: object) -> tuple[int, dict[str, Any]]:
        return await self.post(json.dumps({"records": list(records)}).encode())

    async def post(self, body: bytes, headers: dict[str, str] = AUTH) -> tuple[int, dict[str, Any]]:
        async with self._session.post(self.url, data=io.BytesIO(body), headers=headers) as answer:
            return answer.status, await answer.json(content_type=answer.content_type)

    async def stored(self, lane: Lane = Lane.EVENT) -> list[Observation]:
        rows = await self.agent.outbox.unacked(lane, 0, 1000)
        return [seen for row in rows for seen in decode_observations(row.body)]


@pytest.fixture
async def camera(tmp_path: Path, clock: Clock) -> AsyncIterator[Camera]:
    async with Agent(config(tmp_path), clock) as agent, aiohttp.ClientSession() as session:
        yield Camera(agent, session)


async def test_push_is_answered_once_record_and_picture_are_on_disk(camera, tmp_path):
    assert await camera.push(SEEN) == (200, {"stored": 1, "repeated": 0})
    (seen,) = await camera.stored()
    assert seen.source_id == "r1"
    assert seen.signals["picture"] == HASH
    assert seen.signals["plate_kind"] == "ordinary"
    assert (tmp_path / PICTURE_FOLDER / HASH).read_bytes() == JPEG
    assert camera.agent.pictures.waiting() == [HASH]


async def test_four_repeated_pushes_are_recognised(camera):
    answers = [await camera.push(SEEN) for _ in range(5)]
    assert [answer["stored"] for _, answer in answers] == [1, 0, 0, 0, 0]
    assert {status for status, _ in answers} == {200}
    assert len(await camera.stored()) == 1


async def test_repeated_push_after_a_restart_is_recognised(tmp_path, clock):
    for expected in ((1, 0), (0, 1)):
        async with Agent(config(tmp_path), clock) as agent, aiohttp.ClientSession() as session:
            _, answer = await Camera(agent, session).push(SEEN)
            assert (answer["stored"], answer["repeated"]) == expected


async def test_offline_list_is_stored_as_such_and_says_nothing_of_the_clock(camera):
    old = {"record_id": "old", "event": "seen", "time": 1_600_000_000_000, "historical": True}
    assert (await camera.push(old))[0] == 200
    (seen,) = await camera.stored()
    assert seen.historical
    assert seen.at == 1_600_000_000_000
    assert camera.agent.status().devices["barrier-in"].skew_ms is None


async def test_spoilt_picture_is_told_and_the_record_is_stored(camera):
    bad = SEEN | {"picture": base64.b64encode(b"<html>").decode()}
    status, answer = await camera.push(bad)
    assert (status, answer["stored"]) == (200, 1)
    assert answer["pictures_refused"] == [{"index": 0, "detail": "picture: not a JPEG"}]
    (seen,) = await camera.stored()
    assert "picture" not in seen.signals


async def test_picture_that_the_disk_does_not_take_costs_no_record(camera, tmp_path):
    (tmp_path / PICTURE_FOLDER).write_text("in the way")
    assert await camera.push(SEEN) == (200, {"stored": 1, "repeated": 0})
    (seen,) = await camera.stored()
    assert "picture" not in seen.signals
    assert seen.signals["plate"] == "粤B12345"


async def test_repeated_push_stores_its_picture_no_second_time(camera):
    await camera.push(SEEN)
    camera.agent.pictures.remove(HASH)
    await camera.push(SEEN)
    assert camera.agent.pictures.waiting() == []


async def test_push_with_the_largest_picture_fits(camera):
    large = base64.b64encode(JPEG + b"\0" * (MAX_PICTURE_BYTES - len(JPEG))).decode()
    assert (await camera.push(SEEN | {"picture": large}))[0] == 200


async def test_body_over_the_limit_is_refused(camera):
    assert (await camera.post(b" " * (MAX_BODY_BYTES + 1)))[0] == 413
    assert await camera.stored() == []


async def test_wrong_token_is_refused(camera):
    status, _ = await camera.post(json.dumps({"records": [SEEN]}).encode(), {})
    assert status == 401
    assert await camera.stored() == []


async def test_no_plate_and_no_token_gets_into_the_log(camera):
    with capture_logs() as logs:
        await camera.push(SEEN, SEEN | {"record_id": "r2", "colour": "粤B12345"}, "粤B12345")
        await camera.post(b"{}", {"Authorization": "Bearer wrong"})
    assert len(logs) >= 2
    assert "12345" not in str(logs)
    assert TOKEN not in str(logs)


async def test_fire_input_overtakes_in_the_life_lane(camera):
    await camera.push({"record_id": "f", "event": "state", "arm": "open", "fire": True})
    assert [one.source_id for one in await camera.stored(Lane.LIFE)] == ["f"]
    assert camera.agent._actuation.actuators["barrier-in"].state == "fire"


async def test_command_is_posted_to_the_controller(tmp_path, clock):
    orders = []

    async def command(request: web.Request) -> web.Response:
        orders.append((request.headers["Authorization"], await request.json()))
        return web.Response(status=200 if len(orders) < 3 else 409)

    app = web.Application()
    app.router.add_post("/command", command)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with Agent(config(tmp_path, url), clock) as agent:
        execute = agent._actuation.actuators["barrier-in"]._execute
        await execute("barrier-in", "open", command="a" * 32, lease_s=0.0)
        await execute("barrier-in", "hold-open", command="b" * 32, lease_s=60.0)
        with pytest.raises(DeviceError, match="device answered 409"):
            await execute("barrier-in", "release", command="c" * 32, lease_s=0.0)
    await runner.cleanup()
    assert [shown for shown, _ in orders] == [AUTH["Authorization"]] * 3
    assert [order for _, order in orders] == [
        {"action": "open", "id": "a" * 32},
        {"action": "hold-open", "id": "b" * 32, "lease_s": 60.0},
        {"action": "release", "id": "c" * 32},
    ]


async def test_pushes_at_once_are_stored_once(camera):
    answers = await asyncio.gather(*(camera.push(SEEN) for _ in range(8)))
    assert sum(answer["stored"] for _, answer in answers) == 1

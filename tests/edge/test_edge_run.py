"""The agent as the command line runs it: a process, its signals, and what it leaves behind."""

import asyncio
import json
import secrets
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from edge.outbox import Outbox
from wire import Lane

pytestmark = pytest.mark.socket

ROOT = Path(__file__).parents[2]
RUN = "import sys, pathlib; from edge import app; app.run(pathlib.Path(sys.argv[1]))"
TOKEN = "test-" + secrets.token_urlsafe(16)


def write_config(folder: Path, site: str, broker: int, port: int) -> Path:
    path = folder / "edge.toml"
    path.write_text(f"""
site = "{site}"
agent = "gates"
data = "data"
heartbeat_s = 0.5
[mqtt]
url = "mqtt://127.0.0.1:{broker}"
keepalive_s = 2
[http]
listen = "127.0.0.1:{port}"
[[driver]]
type = "http-gate"
[[driver.device]]
id = "gate-east"
token = "{TOKEN}"
""")
    return path


@asynccontextmanager
async def running(path: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", RUN, str(path), cwd=ROOT, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def push(session: aiohttp.ClientSession, port: int, number: int) -> bool:
    """Push one record; True when the agent confirmed it."""
    body = json.dumps({"records": [{"record_id": f"r{number}", "event": "opened"}]})
    try:
        async with session.post(
            f"http://127.0.0.1:{port}/gate/gate-east/events",
            data=body,
            headers={"Authorization": f"Bearer {TOKEN}"},
        ) as answer:
            return answer.status == 200
    except (aiohttp.ClientError, OSError):
        return False


async def push_until_confirmed(session: aiohttp.ClientSession, port: int, number: int) -> None:
    async with asyncio.timeout(45):
        while not await push(session, port, number):  # noqa: ASYNC110  another process's state
            await asyncio.sleep(0.05)


async def test_sigterm_ends_it_in_order(tmp_path, site, mosquitto, hub, until, unused_port):
    path = write_config(tmp_path, site, mosquitto.port, unused_port)
    async with running(path) as process:
        await until(lambda: any(status.state == "online" for status in hub.statuses))
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 45) == 0
    await until(lambda: hub.statuses[-1].state == "offline")


async def test_agent_of_sensors_alone_goes_on(tmp_path, site, mosquitto, hub, until, unused_port):
    path = tmp_path / "edge.toml"
    path.write_text(f"""
site = "{site}"
agent = "water"
data = "data"
heartbeat_s = 0.5
[mqtt]
url = "mqtt://127.0.0.1:{mosquitto.port}"
[[driver]]
type = "modbus-pressure"
host = "127.0.0.1"
port = {unused_port}
[[driver.device]]
id = "fw-1"
pressure = {{ address = 0, table = "input", type = "uint16", unit = "kPa" }}
""")
    async with running(path) as process:
        await until(lambda: sum(status.state == "online" for status in hub.statuses) >= 3)
        assert process.returncode is None


async def test_last_will_speaks_for_a_killed_agent(
    tmp_path, site, mosquitto, hub, until, unused_port
):
    path = write_config(tmp_path, site, mosquitto.port, unused_port)
    async with running(path) as process:
        await until(lambda: any(status.state == "online" for status in hub.statuses))
        process.kill()
        await until(lambda: hub.statuses[-1].state == "offline")
        assert hub.statuses[-1].boot == hub.statuses[0].boot


async def test_nothing_confirmed_is_lost_or_doubled_over_kills_of_the_agent(
    tmp_path, site, mosquitto, hub, until, unused_port
):
    path = write_config(tmp_path, site, mosquitto.port, unused_port)
    async with aiohttp.ClientSession() as session:
        for life in range(3):
            async with running(path) as process:
                for number in range(life * 20, life * 20 + 20):
                    await push_until_confirmed(session, unused_port, number)
                if life < 2:
                    process.kill()
                else:
                    await until(lambda: len(stored(hub)) >= 60, 30)
    assert sorted(stored(hub)) == sorted(f"r{number}" for number in range(60))
    async with Outbox(tmp_path / "data" / "outbox.db") as outbox:
        assert {key[0] for key in hub.bodies} == {outbox.boot}
        assert outbox.lanes[Lane.EVENT].head == 60


def stored(hub) -> list[str]:
    return [one["source_id"] for body in hub.bodies.values() for one in json.loads(body)]

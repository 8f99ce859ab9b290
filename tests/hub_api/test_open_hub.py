"""The whole hub as it is started, with and without its broker."""

import asyncio
import json
import socket
import time
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiomqtt
import httpx
import pytest

from hub.app import check, open_hub, server
from hub.app.estate import read_estate
from hub.config import Role, load_hub
from hub.errors import ConfigError
from tests.hub_api.house import SITE
from wire import AgentStatus, Command, ContentType, Envelope, Header, Lane, Observation, topics
from wire.observation import encode_observations

pytestmark = pytest.mark.socket

CONFIGS = Path(__file__).parents[2] / "configs"
NOWHERE = "mqtt://127.0.0.1:1"
BOOT = "00000000000000cc"


def write_config(folder: Path, *, broker: str = NOWHERE, http: str = "port = 0", site="court"):
    (folder / "site.toml").write_text(SITE.format(site=site), encoding="utf-8")
    file = folder / "hub.toml"
    file.write_text(
        f'data = "data"\nsites = ["site.toml"]\n[mqtt]\nurl = "{broker}"\nanonymous = true\n'
        f"[http]\n{http}\n",
        encoding="utf-8",
    )
    return file


def config_of(folder: Path, **options):
    return load_hub(write_config(folder, **options), shipped=CONFIGS)


@asynccontextmanager
async def logged_in(hub, name, password):
    async with httpx.AsyncClient(base_url=hub.url, timeout=20) as client:
        answer = await client.post("/api/login", json={"name": name, "password": password})
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        yield client


async def test_it_starts_and_serves_while_the_broker_is_away(tmp_path):
    async with open_hub(config_of(tmp_path)) as hub:
        assert hub.port > 0
        async with logged_in(hub, "admin", hub.initial_admin) as admin:
            health = (await admin.get("/api/health")).json()
            assert (health["status"], health["broker"]) == ("ok", False)
            assert health["hub_boot"] == hub.boot
            found = (await admin.get("/api/sites/court/snapshot")).json()
            assert {device["state"] for device in found["devices"]} == {"unknown"}
            body = {"action": "open", "reason": "a test"}
            answer = await admin.post("/api/sites/court/devices/gate-east/commands", json=body)
            assert (answer.status_code, answer.json()["code"]) == (503, "agent-away")


async def test_the_first_password_is_drawn_once_and_stored_nowhere(tmp_path):
    config = config_of(tmp_path)
    async with open_hub(config) as hub:
        first = hub.initial_admin
        key = hub.public_key
    async with open_hub(config) as hub:
        assert hub.initial_admin is None
        assert hub.public_key == key
        async with logged_in(hub, "admin", first) as admin:
            assert (await admin.get("/api/me")).json()["user"]["role"] == "admin"
        again = await hub.create_user("admin", Role.ADMIN, ["*"])
        assert again != first
        async with logged_in(hub, "admin", again) as admin:
            assert (await admin.get("/api/me")).status_code == 200
    held = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert first.encode() not in held
    assert again.encode() not in held


async def test_a_stream_that_is_open_does_not_hold_up_the_stop(tmp_path, monkeypatch):
    monkeypatch.setattr(server, "SLOW_CLIENTS_S", 120)  # it ends by itself, not by being cut off
    started = asyncio.Event()

    async def follow(admin):
        async with admin.stream("GET", "/api/sites/court/stream") as response:
            async for line in response.aiter_lines():
                if line == "event: ping":
                    started.set()
        return "ended in order"

    async with AsyncExitStack() as browser:
        async with open_hub(config_of(tmp_path)) as hub:
            admin = await browser.enter_async_context(logged_in(hub, "admin", hub.initial_admin))
            reading = asyncio.create_task(follow(admin))
            await asyncio.wait_for(started.wait(), 45)
            before = time.monotonic()
        assert time.monotonic() - before < 60
        assert await asyncio.wait_for(reading, 45) == "ended in order"


async def test_from_the_broker_to_the_api_and_a_command_back(tmp_path, mosquitto):
    site = "court-e2e"
    config = config_of(tmp_path, broker=mosquitto.url, site=site)
    async with (
        open_hub(config) as hub,
        logged_in(hub, "admin", hub.initial_admin) as admin,
    ):
        host, port = mosquitto.url.removeprefix("mqtt://").split(":")
        async with aiomqtt.Client(host, int(port)) as agent:
            await agent.subscribe(topics.cmd(site, "gates"), qos=1)
            await agent.subscribe(topics.ack(site, "gates"), qos=1)
            await until_async(lambda: broker_connected(admin))
            await say(agent, site, hub)
            ack = await next_message(agent, topics.ack(site, "gates"))
            assert json.loads(ack)["upto"] == 1
            device = (await admin.get(f"/api/sites/{site}/devices/gate-east")).json()
            assert device["state"] == "ok"
            assert device["readings"]["event"]["value"] == "closed"
            path = f"/api/sites/{site}/devices/gate-east/commands"
            body = {"action": "open", "reason": "delivery at the gate"}

            async def send():
                answer = await admin.post(path, json=body)
                return answer if answer.status_code == 202 else None

            answer = await until_async(send)
            command = Command.decode(await next_message(agent, topics.cmd(site, "gates")))
            assert (command.id, command.operator) == (answer.json()["id"], "admin")
            trail = (await admin.get("/api/audit", params={"action": "command.open"})).json()
            assert trail["items"][-1]["detail"]["reason"] == "delivery at the gate"


async def broker_connected(client):
    return (await client.get("/api/health")).json()["broker"]


async def say(agent, site, hub):
    """A heartbeat with a nonce, and one observation."""
    now = hub.services.now()
    status = AgentStatus(state="online", boot=BOOT, at=now, nonce="ab" * 16)
    await agent.publish(topics.status(site, "gates"), status.encode(), qos=1)
    said = Observation(
        device="gate-east", kind="gate", at=now, seen=now, signals={"event": "closed"}
    )
    header = Header(
        boot=BOOT, lane=Lane.EVENT, seq=1, floor=1, sent_at=now, type=ContentType.OBSERVATIONS
    )
    payload = Envelope(header, encode_observations([said])).encode()
    await agent.publish(topics.up(site, "gates", Lane.EVENT), payload, qos=1)


async def next_message(agent, topic):
    async with asyncio.timeout(45):
        async for message in agent.messages:
            if str(message.topic) == topic:
                return message.payload
    raise AssertionError("the connection ended")


async def until_async(condition, *, within_s=45.0):
    async with asyncio.timeout(within_s):
        while not (value := await condition()):  # noqa: ASYNC110 - what happens is the server's
            await asyncio.sleep(0.05)
    return value


async def test_an_address_that_is_taken_is_one_clear_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        config = config_of(tmp_path, http=f"port = {taken.getsockname()[1]}")
        with pytest.raises(ConfigError, match=r"hub\.toml: http\.port: .*in use"):
            async with open_hub(config):
                pass


@pytest.mark.parametrize(
    ("http", "line"),
    [
        ('host = "0.0.0.0"', r"http\.host: other machines"),
        ('host = "0.0.0.0"\npublic_url = "http://10.0.0.5:8800"', r"http\.host: other machines"),
        ('host = "0.0.0.0"\nplain_http = true', r"http\.public_url: is missing"),
        ('public_url = "gatehouse.example"', r"http\.public_url: is not of the form"),
        ('public_url = "ftp://gatehouse.example"', r"http\.public_url: is not of the form"),
    ],
)
def test_an_unsafe_address_is_refused(tmp_path, http, line):
    file = write_config(tmp_path, http=http)
    with pytest.raises(ConfigError, match=line):
        check(file, shipped=CONFIGS)


@pytest.mark.parametrize(
    ("http", "hosts", "secure"),
    [
        ("port = 0", set(), False),
        ('public_url = "https://gatehouse.example"', {"gatehouse.example"}, True),
        ('host = "0.0.0.0"\npublic_url = "https://gate.example:444"', {"gate.example"}, True),
        (
            'host = "0.0.0.0"\npublic_url = "http://10.0.0.5:8800"\nplain_http = true',
            {"10.0.0.5"},
            False,
        ),
    ],
)
def test_a_safe_address_is_taken(tmp_path, http, hosts, secure):
    estate = read_estate(config_of(tmp_path, http=http))
    assert (estate.hosts, estate.secure) == (hosts, secure)


def test_check_leaves_the_disk_as_it_was(tmp_path):
    file = write_config(tmp_path)
    check(file, shipped=CONFIGS)
    assert not (tmp_path / "data").exists()


async def test_residents_are_heard_on_an_address_of_their_own_and_only_when_the_file_says_so(
    tmp_path,
):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with open_hub(config_of(tmp_path)) as hub:
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
    told = f"port = 0\n[residents]\nport = {port}\n"
    async with (
        open_hub(config_of(tmp_path, http=told)) as hub,
        httpx.AsyncClient(timeout=20) as client,
    ):
        listener = f"http://127.0.0.1:{port}"
        assert "随手拍" in (await client.get(listener)).text
        assert (await client.get(f"{listener}/api/form")).json()["sites"][0]["id"] == "court"
        assert (await client.get(f"{listener}/api/health")).status_code == 404
        assert (await client.get(f"{hub.url}/api/form")).status_code == 404


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ('host = "0.0.0.0"', "residents.public_url"),
        ('public_url = "http://report.example"', "https://"),
        ('sites = ["nowhere"]', "no site 'nowhere'"),
        ('categories = ["network-fault"]', "no category 'network-fault'"),
    ],
)
async def test_a_mistake_about_residents_is_one_line(tmp_path, said, why):
    with pytest.raises(ConfigError, match=why):
        async with open_hub(config_of(tmp_path, http=f"port = 0\n[residents]\n{said}\n")):
            pass

"""A plate camera's picture through the whole line: push, disk, upload, hub, an eye."""

import asyncio
import base64
import hashlib
import random
import secrets
import time
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import httpx
import pytest

from edge.agent import MEDIA_KEY_FILE, Agent
from edge.config import EdgeConfig
from edge.media.keys import load_or_make_key
from hub.app import open_hub
from hub.config import HttpConfig, HubConfig, MediaConfig, MqttConfig, Role
from simulators.snapshot import snapshot
from wire import Clock

pytestmark = pytest.mark.socket

CONFIGS = Path(__file__).parents[2] / "configs"
TOKEN = "test-" + secrets.token_urlsafe(16)
SITE = """
id = "{site}"
name = {{ zh = "测试院", en = "Test court" }}

[[agent]]
id = "barriers"

[[agent.device]]
id = "barrier-in"
kind = "barrier"
name = {{ zh = "入口", en = "Lane in" }}
place = {{ zh = "南门", en = "South gate" }}
settings = {{ way = "in" }}
"""


async def until(ask, *, within_s=60.0):
    end = time.monotonic() + within_s
    while not (found := await ask()):
        assert time.monotonic() < end, "did not happen in time"
        await asyncio.sleep(0.2)
    return found


def hub_config(folder, site, broker):
    (folder / "site.toml").write_text(SITE.format(site=site), encoding="utf-8")
    key = load_or_make_key(folder / "edge" / MEDIA_KEY_FILE)
    return HubConfig(
        data=folder / "hub",
        sites=(folder / "site.toml",),
        rules=CONFIGS / "rules",
        alarms=CONFIGS / "alarms",
        cases=CONFIGS / "cases",
        org=CONFIGS / "org",
        modes=CONFIGS / "modes",
        mqtt=MqttConfig(url=broker, anonymous=True, protocol="3.1.1", client_id=f"hub-{site}"),
        http=HttpConfig(port=0),
        media=MediaConfig(keys={f"{site}/barriers": key.public}),
    )


def edge_config(folder, site, broker, hub):
    return EdgeConfig.model_validate(
        {
            "site": site,
            "agent": "barriers",
            "data": folder / "edge",
            "hub_key": hub.public_key,
            "heartbeat_s": 1,
            "mqtt": {"url": broker},
            "http": {"listen": "127.0.0.1:0"},
            "media": {"hub": hub.url},
            "driver": [{"type": "http-barrier", "device": [{"id": "barrier-in", "token": TOKEN}]}],
        }
    )


async def push(agent, picture, plate):
    """As plate cameras do: the same record again, because they doubt that it arrived."""
    record = {
        "record_id": f"r-{plate}",
        "event": "seen",
        "plate": plate,
        "colour": "blue",
        "confidence": 41,
        "direction": "in",
        "result": "denied",
        "picture": base64.b64encode(picture).decode(),
    }
    url = f"http://127.0.0.1:{agent.http_port}/barrier/barrier-in/events"
    async with aiohttp.ClientSession() as session:
        for _ in range(2):
            headers = {"Authorization": f"Bearer {TOKEN}"}
            async with session.post(url, json={"records": [record]}, headers=headers) as answer:
                assert answer.status == 200, await answer.text()


async def test_a_plate_cameras_picture_is_seen_by_who_says_what_for(tmp_path, mosquitto):
    site = "t-" + hashlib.sha256(str(tmp_path).encode()).hexdigest()[:12]
    broker = f"mqtt://127.0.0.1:{mosquitto.port}"
    clock = Clock(time.monotonic, time.time_ns() // 1_000_000, time.monotonic())
    picture = snapshot(random.Random(5))
    sha = hashlib.sha256(picture).hexdigest()
    async with AsyncExitStack() as stack:
        hub = await stack.enter_async_context(
            open_hub(hub_config(tmp_path, site, broker), clock=clock)
        )
        agent = await stack.enter_async_context(
            Agent(edge_config(tmp_path, site, broker, hub), clock)
        )
        await asyncio.wait_for(agent.connected.wait(), 30)
        people = {}
        for name, role in (("guard", Role.GUARD), ("admin", Role.ADMIN)):
            password = await hub.create_user(name, role, ["*"])
            people[name] = await stack.enter_async_context(
                httpx.AsyncClient(base_url=hub.url, timeout=30)
            )
            login = {"name": name, "password": password}
            answer = await people[name].post("/api/login", json=login)
            assert answer.status_code == 200
            people[name].headers["X-CSRF-Token"] = answer.json()["csrf"]

        async def get(path, who="guard", **query):
            answer = await people[who].get(f"/api/sites/{site}/{path}", params=query)
            assert answer.status_code == 200, answer.text
            return answer.json()

        said = {"purpose": "device-check", "reason": "a new camera"}
        declared = await people["guard"].post(f"/api/sites/{site}/looks", json=said)
        look = declared.json()["id"]
        await push(agent, picture, "粤B12345")

        async def misread():
            return (await get("alerts", condition="plate-misread"))["items"]

        (alert,) = await until(misread)
        (passed,) = (await get("passages", look=look))["items"]
        assert passed["picture"] == sha

        async def of_alert():
            found = (await get("evidence", alert=alert["id"], look=look))["items"]
            return [one for one in found if one["state"] == "stored"]

        (piece,) = await until(of_alert)
        assert (piece["kind"], piece["sha256"]) == ("picture", sha)
        assert piece["kept_until"] == piece["stored_at"] + 90 * 86_400_000
        assert (await get("evidence", alert=alert["id"]))["items"] == []  # nobody said what for
        content = f"/api/sites/{site}/evidence/{sha}/content"
        assert (await people["guard"].get(content)).status_code == 422
        shown = await people["guard"].get(content, params={"look": look})
        assert shown.content == picture
        strangers = await httpx.AsyncClient(base_url=hub.url).__aenter__()
        assert (await strangers.get(content, params={"look": look})).status_code == 401
        await strangers.aclose()
        audit = (await people["admin"].get("/api/audit", params={"site": site})).json()["items"]
        looks = [one for one in audit if one["action"] == "evidence.look"]
        assert [one["detail"]["purpose"] for one in looks] == ["device-check"]
        assert agent.pictures.waiting() == []

"""A camera through the whole line: broker, hub, agent, child process, uploads, live view."""

import asyncio
import hashlib
import io
import time
from contextlib import asynccontextmanager
from pathlib import Path

import av
import httpx
import pytest

from edge.agent import MEDIA_KEY_FILE, Agent
from edge.config import EdgeConfig
from edge.media import upload as upload_module
from edge.media.keys import load_or_make_key
from hub.app import open_hub
from hub.config import HttpConfig, HubConfig, MediaConfig, MqttConfig, Role
from simulators.camera import CameraServer, SimulatedCamera
from simulators.scenery import still_room
from wire import Clock

pytestmark = pytest.mark.socket

CONFIGS = Path(__file__).parents[2] / "configs"
SITE = """
id = "{site}"
name = {{ zh = "测试院", en = "Test court" }}

[[agent]]
id = "cameras"

[[agent.device]]
id = "cam-1"
kind = "facade-camera"
name = {{ zh = "外立面", en = "Front" }}
place = {{ zh = "南", en = "South" }}
"""


def clock():
    return Clock(time.monotonic, time.time_ns() // 1_000_000, time.monotonic())


async def until(ask, *, within_s=45.0, every_s=0.2):
    """Wait until `await ask()` gives something; that."""
    end = time.monotonic() + within_s
    while not (found := await ask()):
        assert time.monotonic() < end, "did not happen in time"
        await asyncio.sleep(every_s)
    return found


class Line:
    """A hub, the camera's agent, and a guard who looks."""

    def __init__(self, site, folder, camera, server, broker):
        self.site, self.folder, self.camera = site, folder, camera
        self._server, self._broker = server, broker
        self.guard = None

    @asynccontextmanager
    async def hub(self):
        site_file = self.folder / "site.toml"
        site_file.write_text(SITE.format(site=self.site), encoding="utf-8")
        key = load_or_make_key(self.folder / "edge" / MEDIA_KEY_FILE)
        config = HubConfig(
            data=self.folder / "hub",
            sites=(site_file,),
            rules=CONFIGS / "rules",
            alarms=CONFIGS / "alarms",
            cases=CONFIGS / "cases",
            org=CONFIGS / "org",
            modes=CONFIGS / "modes",
            mqtt=MqttConfig(
                url=self._broker,
                anonymous=True,
                protocol="3.1.1",
                client_id=f"hub-{self.site}",
            ),
            http=HttpConfig(port=0),
            media=MediaConfig(keys={f"{self.site}/cameras": key.public}),
        )
        async with open_hub(config, clock=clock()) as hub:
            password = await hub.create_user("guard", Role.GUARD, ["*"])
            async with httpx.AsyncClient(base_url=hub.url, timeout=20) as client:
                login = {"name": "guard", "password": password}
                assert (await client.post("/api/login", json=login)).status_code == 200
                self.guard = client
                yield hub

    @asynccontextmanager
    async def agent(self, hub, **media):
        config = EdgeConfig.model_validate(
            {
                "site": self.site,
                "agent": "cameras",
                "data": self.folder / "edge",
                "hub_key": hub.public_key,
                "heartbeat_s": 1,
                "mqtt": {"url": self._broker},
                "media": {"hub": hub.url, **media},
                "driver": [
                    {
                        "type": "facade-camera",
                        "device": [{"id": "cam-1", "url": self._server.url("cam-1"), "mask": []}],
                    }
                ],
            }
        )
        async with Agent(config, clock()) as agent:
            await asyncio.wait_for(agent.connected.wait(), 45)
            yield agent

    async def get(self, path, **query):
        answer = await self.guard.get(f"/api/sites/{self.site}/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def picture(self):
        device = await self.get("devices/cam-1")
        return device["readings"].get("picture", {}).get("value")

    async def sees(self):
        return await self.picture() == "ok"

    async def alert(self):
        items = (await self.get("alerts"))["items"]
        return next((one for one in items if one["condition"] == "camera-blind"), None)

    async def evidence(self, kind, state):
        items = (await self.get("evidence"))["items"]
        return next((one for one in items if (one["kind"], one["state"]) == (kind, state)), None)

    async def stored(self, sha256):
        items = (await self.get("evidence"))["items"]
        mine = [one for one in items if one["sha256"] == sha256 and one["state"] == "stored"]
        return mine[0] if mine else None

    async def content(self, piece):
        url = f"/api/sites/{self.site}/evidence/{piece['id']}/content"
        return (await self.guard.get(url)).content


@pytest.fixture
async def line(tmp_path, site_id, mosquitto):
    camera = SimulatedCamera("cam-1", still_room(3, 320, 180))
    async with CameraServer({"cam-1": camera}) as server:
        broker = f"mqtt://127.0.0.1:{mosquitto.port}"
        yield Line(site_id, tmp_path, camera, server, broker)


@pytest.fixture
def site_id(tmp_path):
    return "t-" + hashlib.sha256(str(tmp_path).encode()).hexdigest()[:12]


async def test_a_blind_camera_alarms_within_30_s_with_what_it_saw_before(line):
    async with line.hub() as hub, line.agent(hub):
        await until(line.sees)
        await asyncio.sleep(4)
        line.camera.blinds.blindness = "no-signal"
        began = time.monotonic()
        alert = await until(line.alert, within_s=30)
        assert time.monotonic() - began < 30
        assert alert["detail"] == {"picture": "no-signal"}
        assert (await until(lambda: line.evidence("clip", "coming")))["alert"] == alert["id"]
        piece = await until(lambda: line.evidence("clip", "stored"))
        content = await line.content(piece)
        assert hashlib.sha256(content).hexdigest() == piece["sha256"]
        with av.open(io.BytesIO(content)) as clip:
            assert clip.streams.video[0].codec_context.name == "h264"
            pictures = sum(1 for _ in clip.decode(video=0))
        assert pictures >= 25  # of the seconds before the signal was lost, at 10 a second
        line.camera.blinds.blindness = None
        await until(line.sees)


async def test_a_covered_camera_alarms_with_a_still_at_once_and_a_clip_later(line):
    async with line.hub() as hub, line.agent(hub):
        await until(line.sees)
        line.camera.blinds.blindness = "covered"
        await until(line.alert, within_s=30)
        still = await until(lambda: line.evidence("still", "stored"), within_s=45)
        assert (await line.content(still)).startswith(b"\xff\xd8\xff")
        small = await until(lambda: line.evidence("thumbnail", "stored"), within_s=45)
        assert small["of"] == still["of"]
        assert len(await line.content(small)) < len(await line.content(still))
        assert small["kept_until"] == small["stored_at"] + 180 * 86_400_000
        clip = await until(lambda: line.evidence("clip", "stored"))
        assert (clip["alert"], still["alert"]) == (clip["alert"], clip["alert"])
        assert clip["to_at"] - clip["from_at"] >= 10_000


async def test_an_upload_survives_the_agents_death(line, monkeypatch):
    monkeypatch.setattr(upload_module, "CHUNK_BYTES", 4096)
    async with line.hub() as hub:
        async with line.agent(hub, rate_kib_s=4):
            await until(line.sees)
            await asyncio.sleep(3)
            line.camera.blinds.blindness = "black"
            await until(line.alert, within_s=30)

            had = hub.services.media.store.offset

            async def clip_under_way():  # the still before it is too small to be caught half way
                clip = await line.evidence("clip", "coming")
                sha256 = clip and clip["sha256"]
                return sha256 if sha256 and had(line.site, sha256) else None

            begun = await until(clip_under_way)
        offset = had(line.site, begun)
        assert await line.stored(begun) is None
        line.camera.blinds.blindness = None
        async with line.agent(hub):
            piece = await until(lambda: line.stored(begun))
            assert piece["size"] > offset
            assert hashlib.sha256(await line.content(piece)).hexdigest() == begun


async def test_somebody_watches_and_the_stream_ends_when_they_go(line):
    async with line.hub() as hub, line.agent(hub) as agent:
        await until(line.sees)
        url = f"/api/sites/{line.site}/devices/cam-1/live"
        got, began = 0, time.monotonic()
        async with line.guard.stream("GET", url) as response:
            assert response.status_code == 200
            async for chunk in response.aiter_bytes():
                got += chunk.count(b"Content-Type: image/jpeg")
                if got >= 8:
                    break
        assert time.monotonic() - began < 15
        watched = hub.services.live.watched

        async def left():
            return watched(line.site, "cam-1") == 0

        await until(left)
        assert agent.outbox.backlog("media") < 20  # what was shown live was never stored

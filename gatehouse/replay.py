"""`gatehouse replay`: footage through the real line, as if a camera of the site saw it now.

Broker, hub with its rules, edge agent with its child process: all are those of an installation;
only the camera is a file.
"""

import asyncio
import contextlib
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edge.agent import MEDIA_KEY_FILE, Agent
from edge.camera.source import RECORDING_ENDED
from edge.config import EdgeConfig
from edge.drivers.cameras import NO_SIGNAL, NO_VIDEO
from edge.media.keys import load_or_make_key
from edge.together import stop
from gatehouse.broker import BrokerAccess, embedded_broker
from gatehouse.composition import EBIKE_MODEL, wall_clock
from gatehouse.footage import PICTURES, FootageError, is_picture
from gatehouse.logs import log_to_file
from gatehouse.reel import make_reel
from gatehouse.replay_teller import Teller
from gatehouse.resources import shipped
from hub.app import Hub, open_hub
from hub.config import Agent as AgentEntry
from hub.config import (
    Device,
    HttpConfig,
    HubConfig,
    MediaConfig,
    MqttConfig,
    Role,
    Site,
    VisionConfig,
    load_site,
)
from hub.errors import ConfigError
from simulators.errors import HubError
from simulators.hubclient import HubClient
from wire import Clock

FAULTY: Final = 2
_VIEWER: Final = "replay"
_EBIKES: Final = "elevator-camera"
_FALLS: Final = "facade-camera"
_SETTLE_S: Final = 4.0
"""Footage seconds after the last picture in which what it showed is still worked out; a camera is
called blind only later."""
_SETTLE_REAL_S: Final = 2.0
_BEGIN_WITHIN_S: Final = 90.0
_EXAMPLE: Final = """
A site file with such a camera is needed; at the least:

id = "court"
name = {{ zh = "测试院", en = "Test court" }}

[[agent]]
id = "cameras"

[[agent.device]]
id = "cam-1"
kind = "{kind}"
name = {{ zh = "1号摄像机", en = "Camera 1" }}
place = {{ zh = "1号楼", en = "Building 1" }}

configs/sites/footage.toml is one that runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """What is to be played. kind: of the camera that it is played as. site_file: where it stands.

    device: which camera; needed where the site has several. speed: footage seconds per second.
    fps: pictures a second, of a folder of them. model: for e-bikes.
    """

    footage: Path
    kind: str
    site_file: Path
    device: str | None = None
    speed: float = 1.0
    fps: float = 2.0
    model: str | None = None
    as_json: bool = False


def run(showing: Showing) -> int:
    """Play it and print what the hub makes of it; the exit code, 2 when it could not be played.

    Raises ConfigError.
    """
    site = load_site(showing.site_file)
    agent, device = _camera(site, showing)
    with tempfile.TemporaryDirectory(prefix="gatehouse-replay-") as name:
        folder = Path(name)
        log_to_file(folder / "gatehouse.log")
        try:
            video, faults = _video(showing, folder)
            for fault in faults:
                print(f"gatehouse: {fault}", file=sys.stderr)
            asyncio.run(_play(showing, video, folder, site, (agent, device)))
        except FootageError as error:
            print(f"gatehouse: {error}", file=sys.stderr)
            return FAULTY
        except KeyboardInterrupt:
            print("gatehouse: stopped before its end", file=sys.stderr)
            return FAULTY
    return FAULTY if faults else 0


def _camera(site: Site, showing: Showing) -> tuple[AgentEntry, Device]:
    """The camera that the footage is played as. Raises ConfigError."""
    known = [(agent, one) for agent, one in site.devices() if one.kind == showing.kind]
    if showing.device is not None:
        known = [pair for pair in known if pair[1].id == showing.device]
    if len(known) == 1:
        return known[0]
    if len(known) > 1:
        names = ", ".join(one.id for _, one in known)
        raise ConfigError(site.source, "agent.device", f"say which with --device: {names}")
    named = "" if showing.device is None else f" {showing.device!r}"
    problem = f"no {showing.kind}{named} stands here{_EXAMPLE.format(kind=showing.kind)}"
    raise ConfigError(site.source, "agent.device", problem)


def _video(showing: Showing, folder: Path) -> tuple[Path, list[FootageError]]:
    """The footage as a file that plays, and what of it cannot be shown. Raises FootageError."""
    footage = showing.footage
    if footage.is_dir():
        pictures = sorted(p for p in footage.iterdir() if p.suffix.lower() in PICTURES)
        if not pictures:
            raise FootageError(footage, "holds no picture")
    elif not footage.is_file():
        raise FootageError(footage, "no such file")
    elif is_picture(footage):
        pictures = [footage]
    else:
        return footage.absolute(), []
    reel = folder / "reel.mkv"
    return reel, make_reel(pictures, reel, fps=showing.fps)


async def _play(
    showing: Showing, video: Path, folder: Path, site: Site, camera: tuple[AgentEntry, Device]
) -> None:
    """Raises FootageError when the footage cannot be played, or not to its end."""
    agent, device = camera
    teller = Teller(device.id, as_json=showing.as_json)
    teller.say(
        "start", {"footage": str(showing.footage), "device": device.id, "speed": showing.speed}
    )
    async with AsyncExitStack() as stack:
        line = await stack.enter_async_context(_line(showing, folder, site, agent))
        seen = asyncio.create_task(_follow(line.client, site.id, teller), name="replay stream")
        stack.push_async_callback(stop, [seen])
        edge = _edge_config(video, folder, line, site, camera)
        await stack.enter_async_context(Agent(edge, line.clock))
        await _until_over(line.client, site.id, showing, teller)
        await stop([seen])
        teller.end(await line.client.get(f"/api/sites/{site.id}/alerts", {"device": device.id}))


async def _follow(client: HubClient, site: str, teller: Teller) -> None:
    cursor = 0
    while True:
        with contextlib.suppress(HubError):  # a stream that broke is followed from where it was
            async for event in client.stream(site, after=cursor):
                teller.take(event)
                cursor = cursor if event.id is None else int(event.id)


async def _until_over(client: HubClient, site: str, showing: Showing, teller: Teller) -> None:
    """Return when the footage has been played and looked at. Raises FootageError."""
    path = f"/api/sites/{site}/devices/{teller.device}"
    began = time.monotonic()
    while True:
        device = await client.get(path)
        picture = device["readings"].get("picture", {})
        if picture and not teller.has_begun:
            teller.began(await _first(client, site, teller.device))
        if picture.get("value") == NO_SIGNAL and (device["fault"] or "").startswith(NO_VIDEO):
            break
        if not picture and time.monotonic() - began > _BEGIN_WITHIN_S:
            raise FootageError(showing.footage, "no picture of it has come")
        await asyncio.sleep(0.2)
    teller.over(picture["at"])
    if RECORDING_ENDED not in device["fault"]:
        raise FootageError(showing.footage, device["fault"])
    await asyncio.sleep(max(_SETTLE_REAL_S, _SETTLE_S / showing.speed))


async def _first(client: HubClient, site: str, device: str) -> int:
    """When the camera said something first, ms."""
    async for said in client.observations(site, device=device):
        return int(said["at"])
    raise HubError(f"{device}: readings without an observation")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """Broker and hub. client: may see everything."""

    broker: BrokerAccess
    hub: Hub
    client: HubClient
    clock: Clock


@asynccontextmanager
async def _line(
    showing: Showing, folder: Path, site: Site, agent: AgentEntry
) -> AsyncIterator[_Line]:
    clock = wall_clock(showing.speed)
    key = load_or_make_key(_edge_folder(folder) / MEDIA_KEY_FILE)
    async with AsyncExitStack() as stack:
        broker = await stack.enter_async_context(embedded_broker(folder))
        keys = {f"{site.id}/{agent.id}": key.public}
        config = _hub_config(showing, site, folder, broker, keys)
        hub = await stack.enter_async_context(open_hub(config, clock=clock))
        password = await hub.create_user(_VIEWER, Role.ADMIN, sites=["*"])
        client = await stack.enter_async_context(
            HubClient(hub.url, name=_VIEWER, password=password)
        )
        yield _Line(broker=broker, hub=hub, client=client, clock=clock)


def _edge_folder(folder: Path) -> Path:
    return folder / "edge"


def _edge_config(
    video: Path, folder: Path, line: _Line, site: Site, camera: tuple[AgentEntry, Device]
) -> EdgeConfig:
    agent, device = camera
    one: dict[str, object] = {"id": device.id, "url": str(video)}
    if device.kind == _FALLS:
        one["record"] = False  # nobody is shown what is replayed: no window needs a mask
    return EdgeConfig.model_validate(
        {
            "site": site.id,
            "agent": agent.id,
            "data": _edge_folder(folder),
            "hub_key": line.hub.public_key,
            "heartbeat_s": 0.5,
            "mqtt": {
                "url": line.broker.url,
                "username": line.broker.username,
                "password_file": line.broker.password_file,
            },
            "media": {"hub": line.hub.url},
            "driver": [{"type": device.kind, "device": [one]}],
        }
    )


def _hub_config(
    showing: Showing, site: Site, folder: Path, broker: BrokerAccess, keys: dict[str, str]
) -> HubConfig:
    configs = shipped("configs")
    return HubConfig(
        data=folder / "hub",
        sites=(site.source,),
        rules=configs / "rules",
        alarms=configs / "alarms",
        cases=configs / "cases",
        org=configs / "org",
        modes=configs / "modes",
        mqtt=MqttConfig(
            url=broker.url,
            username=broker.username,
            password_file=broker.password_file,
            protocol="3.1.1",
        ),
        http=HttpConfig(port=0),
        vision=VisionConfig(
            model=(showing.model or EBIKE_MODEL) if showing.kind == _EBIKES else None
        ),
        models=shipped("models"),
        media=MediaConfig(keys=keys),
    )

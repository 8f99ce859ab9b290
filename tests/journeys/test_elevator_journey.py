"""A bike rides an elevator through the whole line: car, camera, agent, broker, hub and back.

Only the model is stood in for: it finds blocks of the colour that the drawn bikes have.
"""

import asyncio
import time
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest
from sqlalchemy import select

from edge.agent import Agent
from edge.config import EdgeConfig
from hub.app.estate import read_estate
from hub.app.line import open_line
from hub.app.outside import open_outside
from hub.app.threads import in_thread
from hub.commands import Order
from hub.config import HttpConfig, HubConfig, MqttConfig
from hub.store.schema import alert, command
from hub.store.secrets import load_secrets
from hub.vision.model import EBIKE, Thresholds
from hub.vision.result import Detection, Detections, Refused
from hub.vision.stream import Eye, FrameStream
from simulators.camera import CameraServer
from simulators.elevator.lifts import Lifts
from simulators.elevator.scenes import CabinScenes
from simulators.elevator.trips import Ride
from simulators.ledger import Ledger
from tests.simulators.cabin_pictures import draw_cabins
from wire import Clock

pytestmark = [pytest.mark.socket, pytest.mark.slow]

CONFIGS = Path(__file__).parents[2] / "configs"
LIFT = "lift-b1"
SITE = """
id = "{site}"
name = {{ zh = "测试院", en = "Test court" }}
building_class = "residential-high-rise"

[[agent]]
id = "elevators"
name = {{ zh = "梯", en = "Lifts" }}

[[agent.device]]
id = "lift-b1"
kind = "elevator-camera"
name = {{ zh = "1号梯", en = "Car 1" }}
place = {{ zh = "1号楼1号梯", en = "Building 1, car 1" }}
settings = {{ cabin = [[0.0, 0.3], [1.0, 0.3], [1.0, 1.0], [0.0, 1.0]] }}
"""


def red(jpeg):
    """Blocks of the drawn e-bikes' colour."""
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        return Refused("not-a-picture", "no JPEG")
    blue, green, ruby = (picture[:, :, n].astype(int) for n in range(3))
    mask = (ruby > 150) & (green < 90) & (blue < 90)
    ys, xs = np.nonzero(mask)
    height, width = mask.shape
    if len(xs) < 40:
        return Detections((), width, height, 1.0)
    box = (float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))
    return Detections((Detection(EBIKE, 0.9, box),), width, height, 1.0)


class Estate:
    """What a test looks at."""

    def __init__(self, lifts, ledger, line, outside, stack):
        self.lifts, self.ledger, self.line, self.outside = lifts, ledger, line, outside
        self._hub = stack

    @property
    def car(self):
        return self.lifts.cars[LIFT]

    async def ride(self, subject, floor, *, heeds=False):
        return await self.lifts.trips[LIFT].ride(Ride(subject, floor, heeds))

    def rows(self, table):
        with self.line.store.reader.connect() as connection:
            return connection.execute(select(table)).mappings().all()

    async def until(self, condition, within_s=45.0):
        end = time.monotonic() + within_s
        while not condition():
            assert time.monotonic() < end, "the condition did not come true"
            await asyncio.sleep(0.02)

    def hub_dies(self):
        """As SIGKILL: nothing more is sent, and nobody is told."""
        self.outside.link.publish = lambda *_: False


@asynccontextmanager
async def estate(folder: Path, broker):
    clock = Clock(time.monotonic, time.time_ns() // 1_000_000, time.monotonic())
    site = f"lifts-{time.time_ns()}"
    (folder / "site.toml").write_text(SITE.format(site=site), encoding="utf-8")
    ledger = Ledger()
    scenes = CabinScenes(draw_cabins(folder / "scenes"))
    url = f"mqtt://127.0.0.1:{broker.port}"
    config = HubConfig(
        data=folder / "hub",
        sites=(folder / "site.toml",),
        rules=CONFIGS / "rules",
        alarms=CONFIGS / "alarms",
        cases=CONFIGS / "cases",
        org=CONFIGS / "org",
        modes=CONFIGS / "modes",
        mqtt=MqttConfig(url=url, anonymous=True),
        http=HttpConfig(port=0),
    )
    async with AsyncExitStack() as stack:
        lifts = await stack.enter_async_context(
            Lifts({LIFT: "s01"}, scenes, clock=clock, ledger=ledger)
        )
        cameras = await stack.enter_async_context(CameraServer(lifts.cameras))
        keys = load_secrets(config.data / "secrets")
        plans = read_estate(config)
        line = await stack.enter_async_context(open_line(config, plans, keys, clock))
        outside = await stack.enter_async_context(open_outside(plans, line, keys, "aa" * 8))
        eye = Eye(red, "red", Thresholds(suspicion=0.3, alarm=0.5))
        stream = FrameStream(eye, lambda some: line.pipeline.sighted(some, clock.now()))
        await stack.enter_async_context(in_thread(stream))
        line.announcer.listen(stream.committed)
        message = CONFIGS / "voice" / "ebike-turn-back.toml"
        device = lifts.device(LIFT, cameras.url(LIFT), message, folder)
        edge = EdgeConfig.model_validate(
            {
                "site": site,
                "agent": "elevators",
                "data": folder / "edge",
                "hub_key": outside.public_key,
                "heartbeat_s": 0.5,
                "mqtt": {"url": url},
                "driver": [{"type": "elevator-car", "device": [device]}],
            }
        )
        agent = await stack.enter_async_context(Agent(edge, clock))
        async with asyncio.timeout(45):
            await agent.connected.wait()
        made = Estate(lifts, ledger, line, outside, stack)
        await made.until(lambda: stream.health().seen > 0, 40)
        yield made


async def test_a_bike_is_held_spoken_to_and_turns_back(tmp_path, mosquitto):
    async with estate(tmp_path, mosquitto) as e:
        assert await e.ride("ebike", 5, heeds=True) == "dissuaded"
        await e.until(lambda: [row["detail"]["outcome"] for row in e.rows(alert)] == ["dissuaded"])
        (row,) = e.rows(alert)
        assert row["condition"] == "ebike-in-elevator"
        (truth,) = e.ledger.truths
        assert row["received_at"] - truth.at <= 3_000
        (hold,) = e.ledger.holds
        assert 4_000 <= hold.until - hold.at <= 20_000
        assert {one["action"] for one in e.rows(command)} == {"hold", "release", "play-voice"}
        await e.until(lambda: {one["state"] for one in e.rows(command)} <= {"executed", "released"})
        assert {one["case_id"] for one in e.rows(command)} == {row["case_id"]}


async def test_harmless_things_alarm_nobody_and_hold_nothing(tmp_path, mosquitto):
    async with estate(tmp_path, mosquitto) as e:
        for subject in ("stroller", "bicycle", "person"):
            assert await e.ride(subject, 2) == "rode"
        assert e.rows(alert) == []
        assert e.ledger.holds == []


async def test_staff_let_go_a_bike_that_stays_and_it_rides(tmp_path, mosquitto):
    async with estate(tmp_path, mosquitto) as e:
        ride = asyncio.create_task(e.ride("ebike", 3))
        await e.until(lambda: e.car.held and e.rows(alert))
        site = e.rows(alert)[0]["site"]
        await e.outside.commands.send(Order(site, LIFT, "release", "wang", "let them"))
        await e.until(lambda: not e.car.held)
        assert await ride == "rode"
        assert not e.car.held
        assert e.rows(alert)[0]["detail"]["outcome"] == "by-staff"


async def test_a_hub_that_dies_in_a_hold_lets_go_by_the_lease(tmp_path, mosquitto):
    async with estate(tmp_path, mosquitto) as e:
        ride = asyncio.create_task(e.ride("ebike", 3))
        await e.until(lambda: e.car.held)
        e.hub_dies()
        died_at = time.monotonic()
        await e.until(lambda: not e.car.held)
        assert time.monotonic() - died_at <= 30  # by the lease, not by the cap of two minutes
        assert await ride == "rode"

"""From a frame's envelope to a held door, on a real database: the detector is the only stand-in."""

import asyncio
import threading
import time
from pathlib import Path

import pytest

from hub.commands import CommandService, Nonces, Order, Requests, Signer, WishKeeper
from hub.errors import UnavailableError
from hub.pipeline import Committed
from hub.rules import Wish
from hub.store.schema import alert, case_, command, observation, rule_state
from hub.vision.model import EBIKE, Thresholds
from hub.vision.result import Detection, Detections, Refused
from hub.vision.stream import Eye, FrameStream
from tests.hub_machinery import estate
from tests.hub_machinery.estate import SITE, T0, Agent, done
from wire import AgentStatus, Clock, Command, ContentType, Lane
from wire.media import Frame

CAR = """
[[agent]]
id = "lift"
name = { zh = "梯", en = "Lift" }

[[agent.device]]
id = "car-1"
kind = "elevator-camera"
name = { zh = "1号梯", en = "Car 1" }
place = { zh = "1号楼1号梯", en = "Building 1, car 1" }
"""
BIKE, EMPTY, ROTTEN = b"\xff\xd8\xffbike", b"\xff\xd8\xffempty", b"\xff\xd8\xffrotten"
FOUND = Detections((Detection(EBIKE, 0.9, (100.0, 100.0, 300.0, 400.0)),), 640, 480, 1.0)
NOTHING = Detections((), 640, 480, 1.0)


def see(jpeg):
    if jpeg == ROTTEN:
        return Refused("truncated", "ends early")
    return FOUND if jpeg == BIKE else NOTHING


@pytest.fixture
def line(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(estate, "SITE_FILE", estate.SITE_FILE + CAR)
    with estate.a_line(tmp_path) as made:
        yield made


def frame_of(agent, at, jpeg):
    frame = Frame(
        device="car-1",
        kind="elevator-camera",
        at=at,
        seen=at,
        width=640,
        height=480,
        why="watch",
        jpeg=jpeg,
    )
    return agent.message(body=frame.encode(), now=at, lane=Lane.MEDIA, content=ContentType.FRAME)


def look(line, told=see):
    """A stream on the line's pipeline whose sightings are dated by the newest frame."""
    line.now = T0
    eye = Eye(told, "test 1", Thresholds(suspicion=0.3, alarm=0.5))
    return FrameStream(eye, lambda some: line.pipeline.sighted(some, line.now))


def settle(condition):
    end = time.monotonic() + 45
    while not condition():
        assert time.monotonic() < end, "the condition did not come true"
        time.sleep(0.005)


def show(line, stream, agent, at, jpeg):
    """One frame through the line, waited for until it was looked at."""
    before = stream.health().seen
    told = len(line.committed)
    line.now = at
    message = frame_of(agent, at, jpeg)
    line.handle(message)
    for committed in line.committed[told:]:
        stream.committed(committed)
    settle(lambda: stream.health().seen > before and line.writer.backlog() == 0)
    done(line.pipeline.write(0, at, lambda _: None))
    return message


def test_frames_become_an_alarm_with_a_case_and_a_wish_to_hold(line):
    agent = Agent("lift")
    with look(line) as stream:
        for step in range(4):
            show(line, stream, agent, T0 + step * 400, BIKE)
    (row,) = line.rows(alert)
    assert (row["device"], row["condition"]) == ("car-1", "ebike-in-elevator")
    assert row["detail"]["session"] == "confirmed"
    (case,) = line.rows(case_)
    assert case["category"] == "e-bike-indoors"
    assert len(line.rows(observation)) == 4
    wished = [one.wishes for one in line.committed if one.wishes][-1]
    assert {wish.action for wish in wished[SITE, "ebike", "car-1"]} == {
        "watch",
        "hold",
        "play-voice",
    }


def test_a_frame_that_is_sent_again_is_judged_once(line):
    agent = Agent("lift")
    with look(line) as stream:
        message = show(line, stream, agent, T0, BIKE)
        for _ in range(3):
            told = len(line.committed)
            line.handle(message)
            for committed in line.committed[told:]:
                stream.committed(committed)
        show(line, stream, agent, T0 + 60_000, EMPTY)
        assert stream.health().seen == 2
    assert len(line.rows(observation)) == 1
    assert line.rows(alert) == []


def test_a_picture_that_cannot_be_read_is_a_fault_and_no_absence(line):
    agent = Agent("lift")
    with look(line) as stream:
        for step in range(4):
            show(line, stream, agent, T0 + step * 400, BIKE)
        for step in range(4, 20):
            show(line, stream, agent, T0 + step * 400, ROTTEN)
        assert stream.health().refused == 16
        rows = {row["condition"]: row for row in line.rows(alert)}
        assert rows.keys() == {"ebike-in-elevator", "detector-failing"}
        assert rows["detector-failing"]["at"] == T0 + 4 * 400
        assert rows["detector-failing"]["received_at"] <= T0 + 6 * 400
        assert {row["state"] for row in rows.values()} == {"unacknowledged"}
        for step in range(20, 23):
            show(line, stream, agent, T0 + step * 400, BIKE)
    rows = {row["condition"]: row for row in line.rows(alert)}
    assert rows["detector-failing"]["returned_at"] is not None


def test_the_newest_frame_wins_and_what_it_overtook_is_counted(line):
    agent, gate, began = Agent("lift"), threading.Event(), threading.Event()

    def slow(jpeg):
        began.set()
        assert gate.wait(10)
        return see(jpeg)

    with look(line, slow) as stream:
        line.now = T0 + 4_000
        for step in range(10):
            line.handle(frame_of(agent, T0 + step * 400, EMPTY if step else BIKE))
            stream.committed(line.committed[-1])
            assert began.wait(10)
        assert stream.health().waiting == 1
        gate.set()
        settle(lambda: stream.health().seen == 2 and stream.health().waiting == 0)
    assert line.counters()["frames_skipped"] == 8
    assert line.counters()["frames_seen"] == 2


def test_a_hub_killed_in_a_session_goes_on_where_it_was(line):
    agent = Agent("lift")
    with look(line) as stream:
        for step in range(2):
            show(line, stream, agent, T0 + step * 400, BIKE)
    before = [row["state"] for row in line.rows(rule_state) if row["rule"] == "ebike"]
    line.restart()
    done(line.pipeline.tick(T0 + 30_000))
    after = [row["state"] for row in line.rows(rule_state) if row["rule"] == "ebike"]
    assert '"pre-hold"' in before[0]
    assert '"quiet"' in after[0]


class Broker:
    """Keeps what is published."""

    def __init__(self):
        self.away = False
        self.commands = []

    def publish(self, _topic, payload):
        if self.away:
            return False
        self.commands.append(Command.decode(payload))
        return True

    def actions(self):
        return [one.action for one in self.commands]


@pytest.fixture
def broker():
    return Broker()


@pytest.fixture
def clock():
    """5 simulated seconds a second, from the moment of the frames."""
    return Clock(time.monotonic, T0, time.monotonic(), 5.0)


@pytest.fixture
def commands(line, broker, clock):
    nonces = Nonces(lambda: 0.0)  # none grows old here: see test_commands.py

    def heartbeat():
        status = AgentStatus(
            state="online", boot="00" * 8, at=clock.now(), version="1", nonce="ab" * 16
        )
        nonces.heard(SITE, "lift", status, retained=False)

    signer = Signer(bytes(32))
    service = CommandService(
        pipeline=line.pipeline,
        registry=line.registry,
        nonces=nonces,
        signer=signer,
        publish=broker.publish,
        now=lambda: T0,  # a busy machine is no reason to be too slow here: see test_commands.py
    )
    service.heartbeat = heartbeat
    service.requests = Requests(
        registry=line.registry, nonces=nonces, sign=signer.sign, publish=broker.publish
    )
    return service


async def until(condition):
    async with asyncio.timeout(45):
        while not condition():  # noqa: ASYNC110 - both sides of a real line, no shared event
            await asyncio.sleep(0.005)


def told(*wishes):
    return Committed(frozenset(), (), wishes={(SITE, "ebike", "car-1"): wishes})


def wish(action, until, **more):
    return Wish("car-1", action, until, **more)


async def test_a_hold_is_renewed_while_it_is_wished_and_let_go_at_once_after(
    commands, broker, clock
):
    commands.heartbeat()
    async with WishKeeper(commands, commands.requests, clock) as keeper:
        keeper.committed(told(wish("hold", T0 + 60_000, lease_s=6.0)))
        await until(lambda: broker.actions().count("hold") >= 3)
        keeper.committed(told())
        await until(lambda: broker.actions()[-1] == "release")
    first, *renewals = [one for one in broker.commands if one.action == "hold"]
    assert {one.renews for one in renewals} == {first.id}
    assert all(one.lease_s <= 6.0 for one in broker.commands)
    assert {one.operator for one in broker.commands} == {"hub"}


async def test_no_lease_reaches_beyond_the_wish(commands, broker, clock):
    commands.heartbeat()
    end = clock.now() + 8_000
    sent = []
    publish = broker.publish

    def noting(topic, payload):
        sent.append((clock.now(), Command.decode(payload)))
        return publish(topic, payload)

    commands._publish = noting
    commands._now = clock.now  # what is too late is not sent
    async with WishKeeper(commands, commands.requests, clock) as keeper:
        keeper.committed(told(wish("hold", end, lease_s=6.0)))
        await until(lambda: clock.now() > end + 2_000)
    holds = [(at, one) for at, one in sent if one.action == "hold"]
    assert len(holds) > 1
    for at, one in holds:
        # What was worked out before the order was written down leaves at most that much later.
        assert at + one.lease_s * 1000 <= end + 1_500


async def test_a_hub_that_stops_sends_nothing_more(commands, broker, clock):
    commands.heartbeat()
    async with WishKeeper(commands, commands.requests, clock) as keeper:
        keeper.committed(told(wish("hold", T0 + 600_000, lease_s=6.0)))
        await until(lambda: broker.commands)
    sent = len(broker.commands)
    await asyncio.sleep(0.3)
    assert len(broker.commands) == sent


async def test_a_message_is_played_once_for_each_number_even_by_another_hub(
    commands, broker, clock
):
    commands.heartbeat()
    for _ in range(2):
        async with WishKeeper(commands, commands.requests, clock) as keeper:
            for _ in range(3):
                keeper.committed(told(wish("play-voice", T0 + 100_000, once="7-1")))
                await asyncio.sleep(0.02)
            await until(lambda: broker.commands)
            await asyncio.sleep(0.1)
    assert broker.actions() == ["play-voice"]
    async with WishKeeper(commands, commands.requests, clock) as keeper:
        commands.heartbeat()
        keeper.committed(told(wish("play-voice", T0 + 100_000, once="7-2")))
        await until(lambda: len(broker.commands) == 2)


async def test_what_cannot_be_sent_is_tried_again_until_it_is_void(commands, broker, clock):
    async with WishKeeper(commands, commands.requests, clock) as keeper:
        keeper.committed(told(wish("hold", T0 + 600_000, lease_s=6.0)))
        await asyncio.sleep(0.1)
        assert broker.commands == []
        commands.heartbeat()
        await until(lambda: broker.commands)


async def test_a_watch_is_asked_and_not_put_on_record(line, commands, broker, clock):
    commands.heartbeat()
    async with WishKeeper(commands, commands.requests, clock) as keeper:
        keeper.committed(told(wish("watch", T0 + 600_000, lease_s=20.0)))
        await until(lambda: len(broker.commands) >= 2)
        keeper.committed(told())
    assert set(broker.actions()) == {"watch"}
    assert line.rows(command) == []


async def test_orders_of_a_session_stand_on_its_case(line, commands):
    commands.heartbeat()
    agent = Agent("lift")
    base = T0 - 1_000  # before the order
    await commands.send_own(Order(SITE, "car-1", "hold", "hub", "w", lease_s=6.0), command="1" * 32)

    def session():
        with look(line) as stream:
            for step in range(4):
                show(line, stream, agent, base + step * 100, BIKE)

    await asyncio.to_thread(session)
    (case,) = line.rows(case_)
    await commands.send_own(Order(SITE, "car-1", "play-voice", "hub", "w"), command="2" * 32)
    assert [row["case_id"] for row in line.rows(command)] == [case["id"]] * 2


async def test_staff_who_let_the_door_go_end_the_session(line, commands):
    commands.heartbeat()
    agent = Agent("lift")
    base = T0 - 1_000  # before the order

    def session():
        with look(line) as stream:
            for step in range(4):
                show(line, stream, agent, base + step * 100, BIKE)

    await asyncio.to_thread(session)
    await commands.send(Order(SITE, "car-1", "release", "wang", "wheelchair"))
    (row,) = line.rows(alert)
    assert row["detail"]["outcome"] == "by-staff"
    wished = [one.wishes for one in line.committed if one.wishes][-1]
    assert {wish.action for wish in wished[SITE, "ebike", "car-1"]} == {"watch"}


async def test_an_agent_that_is_away_is_told_so(commands):
    with pytest.raises(UnavailableError):
        await commands.send_own(Order(SITE, "car-1", "play-voice", "hub", "w"), command="3" * 32)

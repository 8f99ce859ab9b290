"""A tiny hub for the edge's tests: it stores, and acknowledges as it is told to."""

import asyncio
import secrets
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Literal

import aiomqtt
import pytest

from edge.together import stop
from simulators.mosquitto import HOST, Mosquitto
from wire import (
    Ack,
    AgentStatus,
    Clock,
    Command,
    Envelope,
    Header,
    HubStatus,
    Lane,
    SeqSet,
    Topic,
    TopicKind,
    topics,
)

DEADLINE_S = 45.0


async def until(condition: Callable[[], bool], deadline_s: float = DEADLINE_S) -> None:
    """Wait until the condition holds; fail at the deadline."""
    end = time.monotonic() + deadline_s
    while not condition():
        if time.monotonic() > end:
            pytest.fail("the condition did not come true in time")
        await asyncio.sleep(0.01)


class TinyHub:
    """Keeps what one site's agents publish.

    acking: whether it acknowledges. boot: change it to be another hub. headers: of every envelope
    that came, in order. bodies: by (boot, lane, seq), the first copy. deaf_to: numbers whose next
    copy is lost on its way.
    """

    def __init__(self, site: str, client: aiomqtt.Client) -> None:
        self.site = site
        self.acking = True
        self.boot = secrets.token_hex(8)
        self.headers: list[Header] = []
        self.bodies: dict[tuple[str, Lane, int], bytes] = {}
        self.deaf_to: set[int] = set()
        self.statuses: list[AgentStatus] = []
        self._client = client
        self._stored: dict[tuple[str, Lane], SeqSet] = {}

    async def run(self) -> None:
        await self._client.subscribe([(f"gatehouse/1/{self.site}/+/up/+", 1)])
        await self._client.subscribe([(f"gatehouse/1/{self.site}/+/status", 1)])
        async for message in self._client.messages:
            topic = Topic.parse(str(message.topic))
            assert isinstance(message.payload, bytes)
            if topic.agent == topics.HUB:
                continue  # its own word
            if topic.lane is None:
                self.statuses.append(AgentStatus.decode(message.payload))
            else:
                await self._store(topic.agent, Envelope.decode(message.payload))

    def seqs(self, lane: Lane) -> list[int]:
        """Numbers stored, sorted."""
        return sorted(seq for _, stored, seq in self.bodies if stored is lane)

    async def order(self, agent: str, command: Command, *, retain: bool = False) -> None:
        topic = topics.cmd(self.site, agent)
        await self._client.publish(topic, command.encode(), qos=1, retain=retain)

    async def acknowledge(
        self, agent: str, boot: str, lane: Lane, upto: int, ranges: Iterable[tuple[int, int]] = ()
    ) -> None:
        ack = Ack(hub=self.boot, boot=boot, lane=lane, upto=upto, ranges=tuple(ranges))
        await self._client.publish(topics.ack(self.site, agent), ack.encode(), qos=1)

    async def say(self, state: Literal["online", "offline"], *, retain: bool = False) -> None:
        topic = topics.hub(self.site, TopicKind.STATUS)
        said = HubStatus(state=state, hub=self.boot)
        await self._client.publish(topic, said.encode(), qos=1, retain=retain)

    async def _store(self, agent: str, envelope: Envelope) -> None:
        header = envelope.header
        if header.seq in self.deaf_to:
            self.deaf_to.remove(header.seq)
            return
        self.headers.append(header)
        self.bodies.setdefault((header.boot, header.lane, header.seq), envelope.body)
        stored = self._stored.setdefault((header.boot, header.lane), SeqSet())
        stored.raise_floor(header.floor)
        stored.add(header.seq)
        if self.acking:
            await self.acknowledge(agent, header.boot, header.lane, stored.upto, stored.ranges)


@pytest.fixture(name="until")
def until_fixture() -> Callable[..., Awaitable[None]]:
    return until


@pytest.fixture
def clock() -> Clock:
    return Clock(time.monotonic, time.time_ns() // 1_000_000, time.monotonic())


@pytest.fixture
def site() -> str:
    """A site of this test's own: retained messages outlive tests on a shared broker."""
    return f"t-{secrets.token_hex(6)}"


@asynccontextmanager
async def hub_at(site: str, port: int) -> AsyncIterator[TinyHub]:
    nodelay = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
    async with aiomqtt.Client(
        HOST, port, max_inflight_messages=1000, socket_options=nodelay
    ) as client:
        client.pending_calls_threshold = 1000
        hub = TinyHub(site, client)
        task = asyncio.create_task(hub.run())
        try:
            yield hub
        finally:
            await stop([task])


@pytest.fixture
async def hub(site: str, mosquitto: Mosquitto) -> AsyncIterator[TinyHub]:
    async with hub_at(site, mosquitto.port) as hub:
        yield hub


@pytest.fixture(name="hub_at")
def hub_at_fixture() -> Callable[[str, int], object]:
    return hub_at


@pytest.fixture
def unused_port() -> int:
    """For a process that cannot tell which port the system gave it."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])

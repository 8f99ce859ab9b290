"""One process of the load generator: a share of the agents over one MQTT connection.

Cheap on purpose, for it shares the machine with what it measures: one thread, packets that are
written ahead but for their numbers and times, and as many of them in one send as are due.
"""

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from simulators.errors import SimulatorError
from simulators.loadagent import LoadAgent
from simulators.loadsocket import LoadSocket
from wire import Ack, Lane, Topic, WireError, mqtt, topics
from wire.mqtt import Answer, PacketType, Publish

_TICK_S: Final = 0.002
_CONNECT_S: Final = 10.0
_MOST_AT_ONCE: Final = 200
_MOST_LATENCIES: Final = 200_000
"""Latencies kept by a worker; beyond them it keeps every n-th."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one worker does. rate: messages per second, all its agents together.

    batch, window, hub: see `simulators.load.Load`.
    """

    site: str
    agents: tuple[str, ...]
    rate: float
    seconds: float
    broker: str
    wait_s: float
    batch: int = 1
    window: int | None = None
    hub: bool = True


@dataclass(slots=True)
class Tally:
    """What came of it. first, last: monotonic seconds of the first message and the last ack."""

    sent: int = 0
    acked: int = 0
    first: float = 0.0
    last: float = 0.0
    latencies: list[float] = field(default_factory=list)


def work(share: Share, start_delay_s: float) -> Tally:
    """Connect, wait for the common start, send, wait for the acks.

    Raises ConfigError (broker address), OSError or SimulatorError (broker away or refusing).
    """
    start = time.monotonic() + start_delay_s
    with LoadSocket(share.broker) as connection:
        worker = _Worker(share, connection)
        worker.connect()
        time.sleep(max(0.0, start - time.monotonic()))
        return worker.run()


class _Worker:
    def __init__(self, share: Share, connection: LoadSocket) -> None:
        self._share = share
        self._connection = connection
        self._tally = Tally()
        self._agents = {
            name: LoadAgent(share.site, name, share.batch, place=place)
            for place, name in enumerate(share.agents)
        }
        self._published: deque[float] = deque()  # when, of what the broker has not acknowledged
        self._number = 0

    def connect(self) -> None:
        """Introduce itself and subscribe to its agents' acknowledgements."""
        self._await(PacketType.CONNACK)
        if not self._share.hub:
            return
        wanted = [topics.ack(self._share.site, name) for name in self._agents]
        self._connection.send(mqtt.subscribe(1, wanted, self._connection.version))
        self._await(PacketType.SUBACK)

    def run(self) -> Tally:
        """Keep to the rate as it should be by the clock, whatever a single tick took."""
        share, tally = self._share, self._tally
        tally.first = tally.last = begun = time.monotonic()
        total = round(share.rate * share.seconds)
        # a broker that takes less than it is sent does not hold the generator for ever
        last = share.seconds + (share.wait_s if share.window is None else 0.0)
        agents = list(self._agents.values())
        while tally.sent < total:
            now = time.monotonic()
            if now - begun >= last:
                break
            due = min(total, int((now - begun) * share.rate) + 1)
            if share.window is not None:
                due = min(due, tally.acked + share.window)
            due = min(due, tally.sent + _MOST_AT_ONCE)
            if due > tally.sent and not self._connection.choked:
                self._send(agents, due - tally.sent, now)
            self._take(0.0 if due > tally.sent else _TICK_S)
        deadline = time.monotonic() + share.wait_s
        while tally.acked < tally.sent and time.monotonic() < deadline:
            self._take(_TICK_S)
        return tally

    def _send(self, agents: list[LoadAgent], count: int, now: float) -> None:
        clock = time.time_ns() // 1_000_000
        tally, place = self._tally, self._tally.sent
        packets: list[bytes] = []
        for number in range(place, place + count):
            self._number = self._number % 65_535 + 1
            packets.append(agents[number % len(agents)].message(self._number, clock, now))
        if not self._share.hub:
            self._published.extend([now] * count)
        tally.sent += count
        self._connection.send(b"".join(packets))

    def _take(self, within_s: float) -> None:
        """Take what the broker sends; at QoS 1, its acknowledgements tell of the broker alone."""
        due: list[int] = []
        now = time.monotonic()
        for packet in self._connection.receive(within_s):
            if isinstance(packet, Publish):
                due.append(packet.number)
                self._acked(packet, now)
            elif packet.type is PacketType.PUBACK and self._published:
                self._note(now - self._published.popleft(), now)
        if due:
            self._connection.send(mqtt.acknowledge(due))

    def _acked(self, packet: Publish, now: float) -> None:
        try:
            agent = self._agents[Topic.parse(packet.topic).agent]
            ack = Ack.decode(packet.payload)
        except (WireError, KeyError):
            return  # not for us to judge: the hub's acks are tested elsewhere
        if ack.boot == agent.boot and ack.lane is Lane.TELEMETRY:
            for sent in agent.settle(ack):
                self._note(now - sent, now)

    def _note(self, latency: float, now: float) -> None:
        self._tally.acked += 1
        self._tally.last = now
        every = 1 + self._tally.acked // _MOST_LATENCIES
        if self._tally.acked % every == 0:
            self._tally.latencies.append(latency)

    def _await(self, kind: PacketType) -> None:
        deadline = time.monotonic() + _CONNECT_S
        while time.monotonic() < deadline:
            for packet in self._connection.receive(_CONNECT_S / 10):
                if isinstance(packet, Answer) and packet.type is kind:
                    if any(
                        code >= mqtt.FAILED or (kind is PacketType.CONNACK and code)
                        for code in packet.codes
                    ):
                        raise SimulatorError(f"broker: {kind.name} refused")
                    return
        raise SimulatorError("broker: no answer")

"""One process of the load generator: a share of the agents over one MQTT connection."""

import secrets
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from simulators.errors import ConfigError, SimulatorError
from simulators.seeds import draw_from
from wire import Ack, ContentType, Envelope, Header, Lane, Observation, Topic, WireError, topics
from wire.observation import encode_observations

_TICK_S = 0.005
_CONNECT_S = 10.0
_IN_FLIGHT = 2000
_QUIET_S = 0.05
_MOST_LATENCIES = 200_000
"""Latencies kept by a worker; beyond them it keeps every n-th."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one worker does. rate: messages per second, all its agents together."""

    site: str
    agents: tuple[str, ...]
    rate: float
    seconds: float
    broker: str
    wait_s: float


@dataclass(slots=True)
class Tally:
    """What came of it. first, last: monotonic seconds of the first message and the last ack."""

    sent: int = 0
    acked: int = 0
    first: float = 0.0
    last: float = 0.0
    latencies: list[float] = field(default_factory=list)


@dataclass(slots=True)
class _Agent:
    """One agent: its outbox is a list of send times, by seq."""

    name: str
    boot: str
    topic: str
    pressure: float
    seq: int = 0
    unacked: deque[tuple[int, float]] = field(default_factory=deque)


def work(share: Share, start_delay_s: float) -> Tally:
    """Connect, wait for the common start, send, wait for the acks.

    Raises ConfigError (broker address), OSError or SimulatorError (broker away or refusing).
    """
    return _Worker(share).work(start_delay_s)


class _Worker:
    def __init__(self, share: Share) -> None:
        self._share = share
        self._tally = Tally()
        self._lock = threading.Lock()
        self._ready = threading.Event()
        self._refused = ""
        draw = draw_from("load", 0)
        self._agents = {
            name: _Agent(
                name,
                secrets.token_hex(8),
                topics.up(share.site, name, Lane.TELEMETRY),
                draw.uniform(0.3, 0.5),
            )
            for name in share.agents
        }

    def work(self, start_delay_s: float) -> Tally:
        start = time.monotonic() + start_delay_s
        client = self._connect()
        try:
            if not self._ready.wait(_CONNECT_S) or self._refused:
                raise SimulatorError(f"broker: {self._refused or 'no answer'}")
            time.sleep(max(0.0, start - time.monotonic()))
            self._send_all(client)
            self._await_acks()
        finally:
            client.disconnect()
            client.loop_stop()
        return self._tally

    def _connect(self) -> mqtt.Client:
        address = urlsplit(self._share.broker)
        if address.scheme != "mqtt" or not address.hostname:
            raise ConfigError(f"broker: {address.scheme}://{address.hostname}: mqtt://host[:port]")
        client = mqtt.Client(CallbackAPIVersion.VERSION2, f"load-{secrets.token_hex(6)}")
        if address.username:
            client.username_pw_set(unquote(address.username), unquote(address.password or ""))
        client.max_inflight_messages_set(_IN_FLIGHT)
        client.max_queued_messages_set(0)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.connect(address.hostname, address.port or 1883)
        client.loop_start()
        return client

    def _send_all(self, client: mqtt.Client) -> None:
        """Keep to the rate as it should be by the clock, whatever a single tick took."""
        self._tally.first = self._tally.last = begun = time.monotonic()
        total = round(self._share.rate * self._share.seconds)
        agents = list(self._agents.values())
        while self._tally.sent < total:
            due = min(total, int((time.monotonic() - begun) * self._share.rate) + 1)
            while self._tally.sent < due:
                self._send(client, agents[self._tally.sent % len(agents)])
            time.sleep(_TICK_S)

    def _send(self, client: mqtt.Client, agent: _Agent) -> None:
        now = time.time_ns() // 1_000_000
        # A slow swing of 0.4 kPa: real telemetry, never urgent.
        value = round(agent.pressure + 0.0001 * (agent.seq % 5), 4)
        observation = Observation(
            device=f"{agent.name}-p",
            kind="water-pressure",
            at=now,
            seen=now,
            signals={"pressure": value},
        )
        body = encode_observations([observation])
        with self._lock:
            agent.seq += 1
            seq = agent.seq
            floor = agent.unacked[0][0] if agent.unacked else seq
            agent.unacked.append((seq, time.monotonic()))
        header = Header(
            boot=agent.boot,
            lane=Lane.TELEMETRY,
            seq=seq,
            floor=floor,
            sent_at=now,
            type=ContentType.OBSERVATIONS,
        )
        client.publish(agent.topic, Envelope(header, body).encode(), qos=1)
        self._tally.sent += 1

    def _await_acks(self) -> None:
        deadline = time.monotonic() + self._share.wait_s
        while self._tally.acked < self._tally.sent and time.monotonic() < deadline:
            time.sleep(_QUIET_S)

    def _on_connect(
        self,
        client: mqtt.Client,
        userdata: object,
        flags: mqtt.ConnectFlags,
        code: ReasonCode,
        properties: object,
    ) -> None:
        _ = userdata, flags, properties
        if code.is_failure:
            self._refused = str(code)
            self._ready.set()
            return
        client.subscribe([(topics.ack(self._share.site, name), 1) for name in self._agents])

    def _on_subscribe(
        self,
        client: mqtt.Client,
        userdata: object,
        mid: int,
        codes: list[ReasonCode],
        properties: object,
    ) -> None:
        _ = client, userdata, mid, properties
        if any(code.is_failure for code in codes):
            self._refused = "subscription refused"
        self._ready.set()

    def _on_message(self, client: mqtt.Client, userdata: object, message: mqtt.MQTTMessage) -> None:
        _ = client, userdata
        now = time.monotonic()
        try:
            agent = self._agents[Topic.parse(message.topic).agent]
            ack = Ack.decode(bytes(message.payload))
        except (WireError, KeyError):
            return  # not for us to judge: the hub's acks are tested elsewhere
        if ack.boot != agent.boot or ack.lane is not Lane.TELEMETRY:
            return
        with self._lock:
            self._settle(agent, ack, now)

    def _settle(self, agent: _Agent, ack: Ack, now: float) -> None:
        """Take what is durable off the agent's list."""
        left: deque[tuple[int, float]] = deque()
        while agent.unacked:
            seq, sent = agent.unacked.popleft()
            if seq <= ack.upto or any(low <= seq <= high for low, high in ack.ranges):
                self._note(now - sent, now)
            else:
                left.append((seq, sent))
                if not ack.ranges:
                    break
        agent.unacked.extendleft(reversed(left))

    def _note(self, latency: float, now: float) -> None:
        self._tally.acked += 1
        self._tally.last = now
        every = 1 + self._tally.acked // _MOST_LATENCIES
        if self._tally.acked % every == 0:
            self._tally.latencies.append(latency)

"""One MQTT connection after another, each with its last will, heartbeat and acknowledgements."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import aiomqtt
import structlog
from aiomqtt.types import PayloadType

from edge.backoff import Backoff
from edge.config import EdgeConfig
from edge.errors import ConfigError, OutboxError
from edge.identity import Identity, load_identity
from edge.link.sender import Sender
from edge.outbox import Outbox
from edge.together import together
from wire import Ack, AgentStatus, Clock, HubStatus, Lane, TopicKind, WireError, offline, topics
from wire.enrolment import common_name
from wire.media import Frame

log = structlog.get_logger()

FIRST_PAUSE_S = 0.5
MOST_PAUSE_S = 15.0
STEADY_S = 10.0
"""A connection that lasted this long was a good one: the next pause is a short one again."""

ANSWER_TIMEOUT_S = 10.0
GOODBYE_TIMEOUT_S = 2.0
SLOWEST_BYTES_PER_S = 4096.0
"""A publish may take this long per byte on top, so that a frame passes over a 64 kbit/s line."""

MOST_SHOWN = 2
"""Frames of a live view that wait; a newer one takes the place of the oldest."""

_MAX_QUEUED = 1000


class _BootChangedError(Exception):
    """The outbox took a new boot: will and status name the old one, so connect again."""


class Link:
    """Keeps the agent connected to its broker.

    status: what the agent says of itself now, with a fresh nonce.
    command: takes the payload of each command.
    """

    def __init__(
        self,
        config: EdgeConfig,
        outbox: Outbox,
        clock: Clock,
        *,
        status: Callable[[], AgentStatus],
        command: Callable[[bytes], Awaitable[None]],
    ) -> None:
        self._config = config
        self._outbox = outbox
        self._clock = clock
        self._status = status
        self._command = command
        self._sender: Sender | None = None
        self._hub = ""
        self._stopping = False
        self._acks: list[Ack] = []
        self._acked = asyncio.Event()
        self._shown: asyncio.Queue[Frame] = asyncio.Queue(MOST_SHOWN)
        self.connected = asyncio.Event()
        outbox.on_commit(self._wake)

    async def run(self) -> None:
        """Connect, and connect again, until cancelled; says goodbye on the way out."""
        pause = Backoff(FIRST_PAUSE_S, MOST_PAUSE_S)
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await self._connection()
            except* (aiomqtt.MqttError, OSError, OutboxError, _BootChangedError) as failed:
                reason = "; ".join(sorted({str(error) for error in _leaves(failed)}))
                log.warning("link.lost", broker=self._config.mqtt.url, reason=reason[:300])
            finally:
                self.connected.clear()
                self._sender = None
            if self._stopping:
                raise asyncio.CancelledError  # the goodbye failed, and its error hid this one
            if asyncio.get_running_loop().time() - began > STEADY_S:
                pause.reset()
            await asyncio.sleep(pause.next())

    def show(self, frame: Frame) -> None:
        """Publish a frame of a live view now or never: it goes past the outbox."""
        if not self.connected.is_set():
            return
        if self._shown.full():
            self._shown.get_nowait()
        self._shown.put_nowait(frame)

    async def _connection(self) -> None:
        """One connection, until it fails or the agent stops."""
        site, agent, boot = self._config.site, self._config.agent, self._outbox.boot
        async with self._client(boot) as client:
            try:
                await self._serve(client, boot)
            except asyncio.CancelledError:
                self._stopping = True
                await client.publish(
                    topics.status(site, agent),
                    offline(boot).encode(),
                    qos=1,
                    retain=True,
                    timeout=GOODBYE_TIMEOUT_S,
                )
                raise

    async def _serve(self, client: aiomqtt.Client, boot: str) -> None:
        site, agent = self._config.site, self._config.agent
        heard = (
            topics.ack(site, agent),
            topics.cmd(site, agent),
            topics.hub(site, TopicKind.STATUS),
        )
        await client.subscribe([(topic, 1) for topic in heard])

        async def publish(lane: Lane, payload: PayloadType) -> None:
            size = len(payload) if isinstance(payload, bytes) else 0
            timeout = ANSWER_TIMEOUT_S + size / SLOWEST_BYTES_PER_S
            await client.publish(topics.up(site, agent, lane), payload, qos=1, timeout=timeout)

        sender = self._sender = Sender(self._outbox, self._clock, publish)
        log.info("link.connected", broker=self._config.mqtt.url)
        await together(
            self._heartbeat(client),
            sender.run(),
            self._free_acknowledged(boot),
            self._listen(client, sender),
            self._show_frames(client),
        )

    async def _heartbeat(self, client: aiomqtt.Client) -> None:
        topic = topics.status(self._config.site, self._config.agent)
        while True:
            await client.publish(topic, self._status().encode(), qos=1, retain=True)
            self.connected.set()
            await asyncio.sleep(self._clock.real_seconds(self._config.heartbeat_s))

    async def _listen(self, client: aiomqtt.Client, sender: Sender) -> None:
        ack_topic = topics.ack(self._config.site, self._config.agent)
        command_topic = topics.cmd(self._config.site, self._config.agent)
        hub_topic = topics.hub(self._config.site, TopicKind.STATUS)
        async for message in client.messages:
            payload = message.payload if isinstance(message.payload, bytes) else b""
            if str(message.topic) == ack_topic:
                self._take_ack(payload, sender)
            elif str(message.topic) == hub_topic:
                if not message.retain:
                    self._take_hub(payload, sender)
            elif str(message.topic) != command_topic:
                continue  # amqtt hands out retained messages that nobody subscribed to
            elif message.retain:
                log.warning("link.retained_command_ignored")
            else:
                await self._command(payload)

    def _take_hub(self, payload: bytes, sender: Sender) -> None:
        """A hub that has just begun to listen never got what it has not acknowledged."""
        try:
            status = HubStatus.decode(payload)
        except WireError as error:
            log.warning("link.unreadable_hub_status", reason=error.reason, detail=error.detail)
            return
        if status.state == "online":
            log.info("link.hub_listens", hub=status.hub)
            self._hub = status.hub
            sender.start_over()

    async def _show_frames(self, client: aiomqtt.Client) -> None:
        """One at a time, and none while something about life safety waits."""
        topic = topics.live(self._config.site, self._config.agent)
        while True:
            frame = await self._shown.get()
            if not self._outbox.backlog(Lane.LIFE):
                await client.publish(topic, frame.encode(), qos=0)

    def _take_ack(self, payload: bytes, sender: Sender) -> None:
        try:
            ack = Ack.decode(payload)
        except WireError as error:
            log.warning("link.unreadable_ack", reason=error.reason, detail=error.detail)
            return
        if ack.hub != self._hub:
            if self._hub:
                log.info("link.hub_restarted", hub=ack.hub)
                sender.start_over()
            self._hub = ack.hub
        sender.acknowledged(ack)
        self._acks.append(ack)
        self._acked.set()

    async def _free_acknowledged(self, boot: str) -> None:
        """Free rows, all acknowledgements that came meanwhile in one transaction."""
        while True:
            await self._acked.wait()
            self._acked.clear()
            acks, self._acks = self._acks, []
            await self._outbox.acknowledge(*acks)
            if self._outbox.boot != boot:
                raise _BootChangedError("the outbox took a new boot")

    def _wake(self) -> None:
        if self._sender:
            self._sender.wake()

    def _client(self, boot: str) -> aiomqtt.Client:
        mqtt, site, agent = self._config.mqtt, self._config.site, self._config.agent
        identity = _identity(self._config)
        named = f"gatehouse-{site}-{agent}" if identity is None else common_name(site, agent)
        client = aiomqtt.Client(
            mqtt.host,
            mqtt.port,
            username=mqtt.username,
            password=_password(self._config),
            identifier=mqtt.client_id or named,
            will=aiomqtt.Will(
                topics.status(site, agent), offline(boot).encode(), qos=1, retain=True
            ),
            clean_session=True,
            timeout=ANSWER_TIMEOUT_S,
            keepalive=mqtt.keepalive_s,
            max_queued_incoming_messages=_MAX_QUEUED,
            max_inflight_messages=_MAX_QUEUED,
            tls_context=_tls(self._config, identity),
            # A PUBACK must not wait for the next packet (Nagle, RFC 896): 40 ms for each window.
            socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
        )
        client.pending_calls_threshold = _MAX_QUEUED
        return client


def _leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error


def _password(config: EdgeConfig) -> str | None:
    """The broker's password. Raises ConfigError."""
    if config.mqtt.password_file is None:
        return None
    with _readable(config.mqtt.password_file.name):
        return config.mqtt.password_file.read_text(encoding="utf-8").strip()


def _identity(config: EdgeConfig) -> Identity | None:
    """What was enrolled, where the configuration names no certificate of its own."""
    if not config.mqtt.tls or config.mqtt.cert_file is not None:
        return None
    return load_identity(config.data)


def _tls(config: EdgeConfig, identity: Identity | None) -> ssl.SSLContext | None:
    """The TLS settings of `mqtts`. Raises ConfigError."""
    mqtt = config.mqtt
    if not mqtt.tls:
        return None
    if identity is not None:
        identity.key()  # says what is wrong with it, and for whom it can be read
        with _readable(str(identity.folder)):
            # this hub's authority alone: no other may vouch for its broker
            context = ssl.create_default_context(cafile=mqtt.ca_file or identity.authority_file)
            context.load_cert_chain(identity.certificate_file, identity.key_file)
        return context
    with _readable("mqtt.ca_file, cert_file or key_file"):
        context = ssl.create_default_context(cafile=mqtt.ca_file)
        if mqtt.cert_file:
            context.load_cert_chain(mqtt.cert_file, mqtt.key_file)
    return context


@contextmanager
def _readable(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:  # ssl.SSLError is one
        raise ConfigError(f"{what}: {error.strerror or error}") from error

"""Keeps the hub connected: tries again with jitter, and speaks the version the broker speaks."""

import random
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Self

import structlog

from hub.mqtt.delivery import Delivery
from hub.mqtt.session import Handlers, Session
from hub.mqtt.settings import LinkSettings, Will

log = structlog.get_logger(__name__)

RETRY_FROM_S: Final = 0.2
RETRY_TO_S: Final = 10.0
GOODBYE_S: Final = 1.0


class Link:
    """A context manager; its thread holds the connection while it is open.

    Every session is clean: nothing rests on the broker, for agents send again whatever was not
    acknowledged by the hub.

    topics: filters to subscribe to, QoS 1. delivered: called in the connection's thread with what
    came at once; should it wait, the broker waits too. greeting: retained messages, published at
    each connect. goodbye: those that replace them on a regular end. will: for any other end.
    """

    def __init__(
        self,
        settings: LinkSettings,
        *,
        topics: Sequence[str],
        delivered: Callable[[Sequence[Delivery]], None],
        greeting: Callable[[], Mapping[str, bytes]] = dict,
        goodbye: Callable[[], Mapping[str, bytes]] = dict,
        will: Will | None = None,
    ) -> None:
        self._settings = settings
        self._topics = topics
        self._handlers = Handlers(delivered, self._greet)
        self._greeting = greeting
        self._goodbye = goodbye
        self._will = will
        self._protocols = deque(settings.protocols)
        self._session: Session | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hub-mqtt", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        session = self._session
        if session is not None:
            session.flush(GOODBYE_S, self._goodbye().items())
            session.close()
        self._thread.join()

    @property
    def connected(self) -> bool:
        """Whether the broker has accepted the connection, and it still stands."""
        session = self._session
        return session is not None and session.up

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> bool:
        """Hand a message over; False when the broker is away: nothing is kept. Any thread."""
        session = self._session
        return session is not None and session.publish(topic, payload, qos=qos, retain=retain)

    def _greet(self) -> None:
        log.info("mqtt.connected", protocol=self._protocols[0].name)
        for topic, payload in self._greeting().items():
            self.publish(topic, payload, retain=True)

    def _run(self) -> None:
        wait = RETRY_FROM_S
        while not self._closing.is_set():
            if self._hold_one_session():
                wait = RETRY_FROM_S
            self._closing.wait(wait * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, no secret
            wait = min(wait * 2, RETRY_TO_S)

    def _hold_one_session(self) -> bool:
        """Connect, and wait until that ends; whether it ever stood."""
        session = self._session = Session(
            self._settings,
            self._protocols[0],
            topics=self._topics,
            will=self._will,
            handlers=self._handlers,
        )
        if self._closing.is_set():
            session.close()
        try:
            session.hold()
        except OSError as error:
            log.warning("mqtt.connect_failed", error=type(error).__name__)
            return False
        if not self._closing.is_set():
            log.warning("mqtt.disconnected", was_connected=session.was_up, reason=session.refusal)
        if not session.was_up:
            # A broker that knows no MQTT 5 says so, hangs up, or is silent: try the next version.
            self._protocols.rotate(-1)
        return session.was_up

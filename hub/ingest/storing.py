"""Gets a batch into the store whatever happens: tries again, and sets aside what breaks it."""

import random
import threading
from collections.abc import Callable, Sequence
from typing import Final

import structlog
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from hub.errors import UnavailableError
from hub.pipeline import Incoming, Pipeline, StreamAck
from hub.pipeline.incoming import Fault

log = structlog.get_logger(__name__)

RETRY_FROM_S: Final = 0.1
RETRY_TO_S: Final = 5.0

_BROKEN: Final = Fault("hub-error", "the hub could not take this message in")


class Storing:
    """Used by one thread. now: hub clock, ms. closing: ends the attempts."""

    def __init__(
        self, pipeline: Pipeline, *, now: Callable[[], int], closing: threading.Event
    ) -> None:
        self._pipeline = pipeline
        self._now = now
        self._closing = closing
        self.failing_since: int | None = None

    def store(self, messages: Sequence[Incoming]) -> list[StreamAck] | None:
        """What is durable afterwards; None when the hub stops first, and nothing is acknowledged.

        A full disk or a locked database is waited out. A message that alone makes the pipeline
        fail is a bug of ours: it is set aside, sealed, so that the line goes on.
        """
        wait = RETRY_FROM_S
        while not self._closing.is_set():
            try:
                acks = self._pipeline.handle(messages, self._now()).result()
            except (IntegrityError, DataError):
                return self._narrow(messages)
            except (DBAPIError, PoolTimeoutError, UnavailableError) as error:
                self._troubled(error)
                self._closing.wait(wait * random.uniform(0.5, 1.0))  # noqa: S311 - jitter
                wait = min(wait * 2, RETRY_TO_S)
            except Exception:
                # The edge between this thread and all of the hub's decisions: whatever they
                # raise, the next message must flow.
                log.exception("ingest.handling_failed", messages=len(messages))
                return self._narrow(messages)
            else:
                self._recovered()
                return acks
        return None

    def _narrow(self, messages: Sequence[Incoming]) -> list[StreamAck] | None:
        if len(messages) == 1:
            return self._set_aside(messages[0])
        half = len(messages) // 2
        acks: list[StreamAck] = []
        for part in (messages[:half], messages[half:]):
            stored = self.store(part)
            if stored is None:
                return None
            acks.extend(stored)
        return acks

    def _set_aside(self, message: Incoming) -> list[StreamAck] | None:
        if message.fault is _BROKEN:  # even the dead letter cannot be written: as a full disk
            self._troubled(None)
            self._closing.wait(RETRY_TO_S)
            return self.store([message])
        log.error("ingest.message_set_aside", topic=message.topic, size=message.size)
        return self.store([broken(message)])

    def _troubled(self, error: Exception | None) -> None:
        if self.failing_since is None:
            self.failing_since = self._now()
            log.error("ingest.store_failed", error=type(error).__name__)

    def _recovered(self) -> None:
        if self.failing_since is not None:
            log.info("ingest.store_recovered", failed_ms=self._now() - self.failing_since)
            self.failing_since = None


def broken(message: Incoming) -> Incoming:
    """The message as a dead letter: its number stays, its content is not looked at again."""
    return Incoming(
        message.topic,
        message.site,
        message.agent,
        message.received_at,
        message.size,
        message.header,
        fault=_BROKEN,
    )

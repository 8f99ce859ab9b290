"""Carries what waits in the outbox, again and again until each is sent or given up."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar, TypeVar

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from hub.errors import UnavailableError
from hub.notify.patience import Patience
from hub.notify.senders import NotSentError
from hub.pipeline.writer import Priority, Writer
from hub.store.write.notifications import Notice, due_notices, notice_failed, notice_sent

log = structlog.get_logger(__name__)

T = TypeVar("T")


class Carrier(ABC):
    """now: hub clock, ms.

    A crash between the answer of whoever it was handed to and the record of it sends that one a
    second time; everything else goes out once.
    """

    carries: ClassVar[str]
    """What the log calls it."""
    patience: ClassVar[Patience]
    callbacks: ClassVar[bool]
    """Whether it carries what other systems are told; else what people are."""
    at_once: ClassVar[int]
    priority: ClassVar[Priority]

    def __init__(self, *, writer: Writer, reader: Engine, now: Callable[[], int]) -> None:
        self._writer = writer
        self._reader = reader
        self._now = now

    @abstractmethod
    async def _hand_over(self, notice: Notice) -> None:
        """Send it. Raises NotSentError."""

    async def run(self, period_s: float) -> None:
        """Send what is due, until cancelled."""
        while True:
            try:
                await self.deliver()
            except (DBAPIError, UnavailableError) as error:
                log.warning(
                    "notify.store_unavailable", carries=self.carries, error=type(error).__name__
                )
            await asyncio.sleep(period_s)

    async def deliver(self) -> int:
        """Send what is due now, side by side; how many went out."""
        due = await asyncio.to_thread(self._due)
        return sum(await asyncio.gather(*(self._carry(one) for one in due)))

    def _due(self) -> list[Notice]:
        with self._reader.connect() as connection:
            return due_notices(connection, self._now(), self.at_once, callbacks=self.callbacks)

    async def _carry(self, notice: Notice) -> bool:
        about = {
            "carries": self.carries,
            "notification": notice.id,
            "channel": notice.channel,
            "post": notice.post,
        }
        try:
            await self._hand_over(notice)
        except NotSentError as error:
            again_at = self.patience.again_at(notice.tries, self._now())
            why = str(error)
            await self._write(
                lambda connection: notice_failed(
                    connection, notice.id, why, again_at=again_at, now=self._now()
                )
            )
            ending = "notify.given_up" if again_at is None else "notify.failed"
            log.warning(ending, why=why, tries=notice.tries + 1, **about)
            return False
        await self._write(lambda connection: notice_sent(connection, notice.id, self._now()))
        log.info("notify.sent", **about)
        return True

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._writer.submit(self.priority, work))

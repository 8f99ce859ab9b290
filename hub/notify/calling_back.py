"""Carries callbacks to other systems out of the outbox: signed, again and again, or given up."""

import asyncio
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Final

import structlog
from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from hub.errors import UnavailableError
from hub.notify.patience import SYSTEMS
from hub.notify.senders import NotSentError
from hub.pipeline.writer import Priority, Writer
from hub.store.people.machines import Machine, find_machine
from hub.store.seal import CALLBACKS
from hub.store.write.notifications import Notice, due_notices, notice_failed, notice_sent

log = structlog.get_logger(__name__)

AT_ONCE: Final = 10

Post = Callable[[str, bytes, Mapping[str, str]], int]
"""`post(url, body, headers)`: the status of the answer; follows no redirection. Blocking.

Raises NotSentError, for an address that may not be called too.
"""


class CallbackCourier:
    """post: hands one over. unseal: opens what was sealed for a site. now: hub clock, ms.

    A callback is written down with the step that it tells of, so a crash loses none; one between
    the platform's answer and the record of it sends that one again, under the same key.
    """

    def __init__(
        self,
        *,
        writer: Writer,
        reader: Engine,
        unseal: Callable[[str, bytes], bytes],
        post: Post,
        now: Callable[[], int],
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._unseal = unseal
        self._post = post
        self._now = now

    async def run(self, period_s: float) -> None:
        """Send what is due, until cancelled."""
        while True:
            try:
                await self.deliver()
            except (DBAPIError, UnavailableError) as error:
                log.warning("callback.store_unavailable", error=type(error).__name__)
            await asyncio.sleep(period_s)

    async def deliver(self) -> int:
        """Send what is due now, side by side; how many were taken."""
        due = await asyncio.to_thread(self._due)
        return sum(await asyncio.gather(*(self._carry(one) for one in due)))

    def _due(self) -> list[Notice]:
        with self._reader.connect() as connection:
            return due_notices(connection, self._now(), AT_ONCE, callbacks=True)

    async def _carry(self, notice: Notice) -> bool:
        try:
            await asyncio.to_thread(self._send, notice)
        except NotSentError as error:
            await self._failed(notice, str(error))
            return False
        await self._write(lambda connection: notice_sent(connection, notice.id, self._now()))
        log.info("callback.sent", notification=notice.id, machine=notice.post)
        return True

    def _send(self, notice: Notice) -> None:
        with self._reader.connect() as connection:
            machine = find_machine(connection, notice.post)
        if machine is None or machine.ended_at is not None:
            raise NotSentError("the system's credential has ended")
        if machine.callback_url is None:
            raise NotSentError("the system has no address for callbacks any more")
        body = json.dumps(dict(notice.message), ensure_ascii=False).encode()
        headers = signed(self._key(machine), body, key=notice.id, now=self._now())
        status = self._post(machine.callback_url, body, headers)
        if not 200 <= status < 300:  # noqa: PLR2004 - RFC 9110, 15.3
            raise NotSentError(f"it answered {status}")

    def _key(self, machine: Machine) -> bytes:
        try:
            return self._unseal(CALLBACKS, machine.callback_secret or b"")
        except (InvalidTag, ValueError):
            raise NotSentError(
                "the key that signs it cannot be opened; set the address anew"
            ) from None

    async def _failed(self, notice: Notice, why: str) -> None:
        again_at = SYSTEMS.again_at(notice.tries, self._now())
        await self._write(
            lambda connection: notice_failed(
                connection, notice.id, why, again_at=again_at, now=self._now()
            )
        )
        event = "callback.given_up" if again_at is None else "callback.failed"
        log.warning(event, notification=notice.id, machine=notice.post, why=why)

    async def _write(self, work: Callable[[Connection], None]) -> None:
        await asyncio.wrap_future(self._writer.submit(Priority.HOUSEKEEPING, work))


def signed(secret: bytes, body: bytes, *, key: str, now: int) -> dict[str, str]:
    """The headers that go with a body.

    The signature is HMAC-SHA256 over the timestamp (ms, decimal), a full stop, and the body. key:
    the same whenever the same callback is sent again. now: ms.
    """
    signature = hmac.digest(secret, f"{now}.".encode() + body, "sha256").hex()
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": key,
        "Gatehouse-Timestamp": str(now),
        "Gatehouse-Signature": f"v1={signature}",
    }

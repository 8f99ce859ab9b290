"""Carries callbacks to other systems out of the outbox: signed, again and again, or given up."""

import asyncio
import hmac
import json
from collections.abc import Callable, Mapping

from cryptography.exceptions import InvalidTag
from sqlalchemy import Engine

from hub.notify.carrier import Carrier
from hub.notify.patience import SYSTEMS
from hub.notify.senders import NotSentError
from hub.pipeline.writer import Priority, Writer
from hub.store.people.machines import Machine, find_machine
from hub.store.seal import CALLBACKS
from hub.store.write.notifications import Notice

Post = Callable[[str, bytes, Mapping[str, str]], int]
"""`post(url, body, headers)`: the status of the answer; follows no redirection. Blocking.

Raises NotSentError, for an address that may not be called too.
"""


class CallbackCourier(Carrier):
    """post: hands one over. unseal: opens what was sealed for a site.

    A callback is written down with the step that it tells of, so a crash loses none; one that goes
    a second time has the same key.
    """

    carries = "callbacks"
    patience = SYSTEMS
    callbacks = True
    at_once = 10
    priority = Priority.HOUSEKEEPING

    def __init__(
        self,
        *,
        writer: Writer,
        reader: Engine,
        unseal: Callable[[str, bytes], bytes],
        post: Post,
        now: Callable[[], int],
    ) -> None:
        super().__init__(writer=writer, reader=reader, now=now)
        self._unseal = unseal
        self._post = post

    async def _hand_over(self, notice: Notice) -> None:
        await asyncio.to_thread(self._send, notice)

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

"""Tells other systems of their cases while the hub runs."""

import asyncio
import functools
import http.client
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from hub.app.line import Line
from hub.notify import CallbackCourier
from hub.notify.senders import NotSentError
from hub.outbound import AddressRefusedError, Guard, Use, post

PERIOD_S: Final = 1.0


@asynccontextmanager
async def calling_back(line: Line, guard: Guard) -> AsyncIterator[None]:
    """Callbacks leave the outbox while the context lasts; those that wait stay in it."""
    courier = CallbackCourier(
        writer=line.writer,
        reader=line.store.reader,
        unseal=line.seal.open,
        post=functools.partial(posted, guard),
        now=line.clock.now,
    )
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(courier.run(PERIOD_S), name="hub-callbacks")
        try:
            yield
        finally:
            running.cancel()


def posted(guard: Guard, url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The status of the answer. Raises NotSentError, whose words name no address."""
    try:
        return post(guard, url, body, use=Use.CALLBACK, headers=headers).status
    except AddressRefusedError as error:
        raise NotSentError(f"the hub may not connect there: {error}") from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise NotSentError(type(error).__name__) from None

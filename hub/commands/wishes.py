"""Serves what rules want done: as signed leases, renewed while it is wanted, and never beyond.

Nothing here holds anything: an actuator is held by a lease at its agent, which ends by itself when
this hub is gone. A wish says until when it may last; no lease that is sent reaches further.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import structlog
from sqlalchemy.exc import DBAPIError

from hub.commands.order import Order
from hub.commands.requests import Requests
from hub.commands.service import CommandService
from hub.errors import BadRequestError, ConflictError, NotFoundError, UnavailableError
from hub.pipeline import Committed
from hub.rules import Wish
from hub.store.write.commands import HUB
from wire import Clock

log = structlog.get_logger(__name__)

Target = tuple[str, str, str]
"""(site, device, action)"""

RELEASE: Final = "release"
RENEW: Final = 1 / 3
"""A lease is renewed after this share of its length."""

LEAST_LEASE_S: Final = 0.5
RETRY_S: Final = 1.0


@dataclass(slots=True)
class _Served:
    """What is wanted of one target, and the task that sees to it."""

    wish: Wish
    changed: asyncio.Event
    task: asyncio.Task[None] | None = None


class WishKeeper:
    """An async context manager; `committed` may be called from any thread while it is open."""

    def __init__(self, commands: CommandService, requests: Requests, clock: Clock) -> None:
        self._commands = commands
        self._requests = requests
        self._clock = clock
        self._wanted: dict[tuple[str, str, str], dict[Target, Wish]] = {}
        self._served: dict[Target, _Served] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks = asyncio.TaskGroup()

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        await self._tasks.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is renewed any more; what is held is let go by its agent."""
        self._loop = None
        for served in self._served.values():
            if served.task is not None:
                served.task.cancel()
        await self._tasks.__aexit__(kind, error, trace)

    def committed(self, committed: Committed) -> None:
        """Take in what rules want after a commit. From any thread; returns at once."""
        loop = self._loop
        if loop is None or not committed.wishes:
            return
        try:
            loop.call_soon_threadsafe(self._take, committed.wishes)
        except RuntimeError:  # the loop closed between the two lines: the hub is stopping
            return

    def _take(self, wishes: Mapping[tuple[str, str, str], tuple[Wish, ...]]) -> None:
        if self._loop is None:
            return
        for key, some in wishes.items():
            before = self._wanted.get(key, {})
            now = {(key[0], wish.device, wish.action): wish for wish in some}
            if now:
                self._wanted[key] = now
            else:
                self._wanted.pop(key, None)
            for target in before.keys() - now.keys():
                if not any(target in others for others in self._wanted.values()):
                    self._void(target)
            for target, wish in now.items():
                self._want(target, wish)

    def _void(self, target: Target) -> None:
        served = self._served.get(target)
        if served is not None:
            served.wish = Wish(target[1], target[2], until=0)
            served.changed.set()

    def _want(self, target: Target, wish: Wish) -> None:
        served = self._served.get(target)
        if served is None:
            served = self._served[target] = _Served(wish, asyncio.Event())
            work = self._serve(target, served)
            served.task = self._tasks.create_task(work, name=f"wish {target}")
            return
        new = wish.once != served.wish.once or served.wish.until == 0
        served.wish = wish
        if new:
            served.changed.set()

    async def _serve(self, target: Target, served: _Served) -> None:
        """See to one target until nothing is wanted of it any more."""
        try:
            while (wish := served.wish).until > self._clock.now():
                served.changed.clear()
                if wish.lease_s:
                    await self._lease(target, served)
                elif await self._once(target, wish):
                    await self._wait(served, wish.until)
                else:
                    await self._wait(served, self._clock.now() + _ms(RETRY_S))
        finally:
            del self._served[target]

    async def _once(self, target: Target, wish: Wish) -> bool:
        """Have it done, once for each `once`, whatever restarts; False to try again."""
        text = "|".join((*target, wish.once))
        command = hashlib.sha256(text.encode()).hexdigest()[:32]
        return await self._send(_order(target, wish), command) is not None

    async def _lease(self, target: Target, served: _Served) -> None:
        """Hold it as long as it is wanted; then let go at once, and not only when it lapses."""
        lease: str | None = None
        held_until = 0
        while (left := self._left_s(served.wish)) >= LEAST_LEASE_S:
            served.changed.clear()
            length = min(served.wish.lease_s, left)
            sent = await self._send(
                _order(target, served.wish, lease_s=length, renews=lease), secrets.token_hex(16)
            )
            if sent is None:
                await self._wait(served, self._clock.now() + _ms(RETRY_S))
                continue
            lease = sent if lease is None else lease
            held_until = self._clock.now() + _ms(length)
            await self._wait(served, self._clock.now() + _ms(length * RENEW))
        if lease is not None and self._clock.now() < held_until:
            await self._let_go(target)
        await self._wait(served, served.wish.until)

    async def _let_go(self, target: Target) -> None:
        site, device, action = target
        if not self._commands.is_request(site, device, action):
            order = Order(site, device, RELEASE, HUB, "no longer wanted")
            await self._send(order, secrets.token_hex(16))

    async def _send(self, order: Order, command: str) -> str | None:
        """The command's id; None when it could not be sent."""
        try:
            if self._commands.is_request(order.site, order.device, order.action):
                self._requests.ask(order.site, order.device, order.action, lease_s=order.lease_s)
            else:
                await self._commands.send_own(order, command=command)
        except ConflictError:
            return command
        except (BadRequestError, NotFoundError, UnavailableError, DBAPIError) as error:
            log.warning(
                "wishes.not_sent",
                device=order.device,
                action=order.action,
                error=type(error).__name__,
            )
            return None
        return command

    def _left_s(self, wish: Wish) -> float:
        return (wish.until - self._clock.now()) / 1000

    async def _wait(self, served: _Served, until: int) -> None:
        """Until a moment of the hub's clock, ms, or until something else is wanted."""
        wait_s = self._clock.real_seconds(max(0, until - self._clock.now()) / 1000)
        try:
            async with asyncio.timeout(wait_s):
                await served.changed.wait()
        except TimeoutError:
            return


def _order(target: Target, wish: Wish, *, lease_s: float = 0.0, renews: str | None = None) -> Order:
    site, device, action = target
    return Order(site, device, action, HUB, wish.reason, lease_s=lease_s, renews=renews)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)

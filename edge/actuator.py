"""One device that takes orders: its lease, and one order at a time."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Protocol

import structlog

from edge.backoff import Backoff
from edge.commands import STATES, Fault, action_of
from edge.errors import DeviceError, OutboxError
from edge.leases import RELEASE, Effect, LeaseEvent, LeaseState, move
from edge.nonces import NonceBook
from edge.outbox import Outbox
from edge.receipts import ReceiptBook
from wire import Clock, Command, ReceiptState
from wire.command import NONCE_TTL_S
from wire.kinds import Kind

log = structlog.get_logger()

MAX_WAITING = 8
_LET_GO_FIRST_S = 0.5
_LET_GO_MOST_S = 5.0


class Execute(Protocol):
    """A driver's `execute`: raises DeviceError when the device does not do it."""

    def __call__(
        self, device: str, action: str, *, command: str, lease_s: float
    ) -> Awaitable[None]:
        """Have one device do something."""
        ...


@dataclass(frozen=True, slots=True)
class Bench:
    """What all actuators of an agent share."""

    clock: Clock
    nonces: NonceBook
    outbox: Outbox
    receipts: ReceiptBook


@dataclass(slots=True)
class _Lease:
    id: str
    newest: str
    until: float


class Actuator:
    """Carries out orders for one device, and lets it go when its lease ends."""

    def __init__(self, device: str, kind: Kind, bench: Bench, execute: Execute) -> None:
        self.device = device
        self.state = LeaseState.FREE
        self._kind = kind
        self._bench = bench
        self._execute = execute
        self._orders: asyncio.Queue[Command] = asyncio.Queue(MAX_WAITING)
        self._lease: _Lease | None = None
        self._why = ""
        self._release_order: str | None = None
        self._pause = Backoff(_LET_GO_FIRST_S, _LET_GO_MOST_S)
        self._retry_at = 0.0

    def order(self, command: Command) -> None:
        """Take an order that was judged good; it is carried out in turn."""
        try:
            self._orders.put_nowait(command)
        except asyncio.QueueFull:
            self._bench.receipts.refuse(command, ReceiptState.FAILED, "too many orders at once")

    def fire(self, *, active: bool) -> None:
        """The device's fire input: it overrides everything, at once."""
        before = self.state
        self._apply(LeaseEvent.FIRE if active else LeaseEvent.FIRE_OVER, "fire input")
        if self.state is not before:
            log.warning("actuator.fire_input", device=self.device, active=active)

    def restore(self, lease: str) -> None:
        """A lease that was open when the agent last ran: let go, unless there is a fire."""
        self._lease = _Lease(lease, lease, 0.0)
        if self.state is LeaseState.FIRE:
            self._end("fire input")
        else:
            self.state, self._why = LeaseState.RELEASING, "agent was restarted"

    async def run(self) -> None:
        """Carry out orders and end leases, until cancelled."""
        while True:
            if self.state is LeaseState.RELEASING and self._remaining_s() <= 0:
                await self._let_go()
            order = await self._next_order()
            if order is not None:
                await self._obey(order)
            elif self.state is LeaseState.HELD and self._remaining_s() <= 0:
                self._apply(LeaseEvent.LAPSED, "lease ran out")

    async def stop(self) -> None:
        """The agent stops: nobody would end the lease, so let go now, in one try."""
        self._apply(LeaseEvent.LAPSED, "agent stopped")
        if self.state is LeaseState.RELEASING:
            await self._let_go()

    def _remaining_s(self) -> float:
        """Seconds of the clock until something is to be done without an order."""
        now = self._bench.clock.monotonic()
        if self.state is LeaseState.HELD and self._lease:
            return self._lease.until - now
        return self._retry_at - now if self.state is LeaseState.RELEASING else float("inf")

    async def _next_order(self) -> Command | None:
        """The next order; None when time is up."""
        remaining = self._remaining_s()
        wait = None if remaining == float("inf") else self._bench.clock.real_seconds(remaining)
        try:
            async with asyncio.timeout(wait):
                return await self._orders.get()
        except TimeoutError:
            return None

    async def _obey(self, command: Command) -> None:
        age = self._bench.nonces.age_s(command.nonce)
        if age is None or age > NONCE_TTL_S:  # it waited behind a device that did not answer
            state = STATES[Fault.LATE] or ReceiptState.EXPIRED
            self._bench.receipts.refuse(command, state, Fault.LATE)
            return
        try:
            await self._carry_out(command)
        except OutboxError as error:
            # What cannot be remembered is not begun, and a hold that began is ended.
            detail = f"agent cannot store: {error}"
            self._bench.receipts.write(command.id, self.device, ReceiptState.FAILED, detail)
            if self._lease and self._lease.id == command.id:
                self._apply(LeaseEvent.HOLD_FAILED, detail)

    async def _carry_out(self, command: Command) -> None:
        """Remember the order, then do what the table says. Raises OutboxError."""
        if not await self._bench.outbox.mark_executed(command.id):
            return
        for effect in self._apply(self._event(command), "another hold began", command):
            if not await self._follow(effect, command):
                return

    def _event(self, command: Command) -> LeaseEvent:
        if command.action == RELEASE:
            return LeaseEvent.RELEASE
        spec = action_of(self._kind, command.action)
        if spec is None or not spec.max_lease_s:
            return LeaseEvent.PULSE
        if command.renews is None:
            return LeaseEvent.HOLD
        current = self._lease and command.renews in {self._lease.id, self._lease.newest}
        return LeaseEvent.RENEW if current else LeaseEvent.RENEW_OTHER

    def _apply(
        self, event: LeaseEvent, why: str, command: Command | None = None
    ) -> tuple[Effect, ...]:
        """Move, do what needs no waiting, and return the effects."""
        step = move(self.state, event)
        self.state = step.state
        if Effect.END in step.effects:
            self._end(self._why if event is LeaseEvent.RELEASED else why)
        if Effect.GRANT in step.effects and command:
            until = self._bench.clock.monotonic() + command.lease_s
            self._lease = _Lease(command.id, command.id, until)
        if Effect.LET_GO in step.effects:
            self._why, self._retry_at = why, 0.0
            if command:
                self._why, self._release_order = "released by order", command.id
        return step.effects

    async def _follow(self, effect: Effect, command: Command) -> bool:
        """Do what takes waiting; False ends the row of effects."""
        receipts = self._bench.receipts
        if effect is Effect.REFUSE_FIRE:
            receipts.write(command.id, self.device, ReceiptState.REFUSED, "fire input is active")
        elif effect is Effect.REFUSE_OVER:
            receipts.write(command.id, self.device, ReceiptState.REFUSED, "that lease is over")
        elif effect is Effect.GRANT:
            await self._bench.outbox.save_lease(self.device, command.id, command.action)
        elif effect is Effect.PROLONG and self._lease:
            self._lease.until = self._bench.clock.monotonic() + command.lease_s
            self._lease.newest = command.id
        elif effect is Effect.SEND:
            return await self._send(command)
        return True

    async def _send(self, command: Command) -> bool:
        """Pass an order on and report. A hold that fire has ended meanwhile is not sent."""
        holds = command.lease_s > 0
        if holds and self.state is not LeaseState.HELD:
            await self._bench.outbox.forget_lease(command.id)
            return False
        try:
            await self._execute(
                self.device, command.action, command=command.id, lease_s=command.lease_s
            )
        except DeviceError as error:
            self._bench.receipts.write(command.id, self.device, ReceiptState.FAILED, str(error))
            if holds and command.renews is None:
                self._apply(LeaseEvent.HOLD_FAILED, "hold was not confirmed")
            return False
        if not holds or self._lease:
            self._bench.receipts.write(command.id, self.device, ReceiptState.EXECUTED)
        return True

    async def _let_go(self) -> None:
        """Tell the device to release; on failure, again after a pause, until it does."""
        lease, order = self._lease, self._release_order
        self._release_order = None
        name = order or (lease.id if lease else "")
        try:
            await self._execute(self.device, RELEASE, command=name, lease_s=0.0)
        except DeviceError as error:
            self._retry_at = self._bench.clock.monotonic() + self._pause.next()
            log.warning("actuator.release_failed", device=self.device, error=str(error))
            if order:
                self._bench.receipts.write(order, self.device, ReceiptState.FAILED, str(error))
            return
        self._pause.reset()
        if order:
            self._bench.receipts.write(order, self.device, ReceiptState.EXECUTED)
        self._apply(LeaseEvent.RELEASED, self._why)

    def _end(self, why: str) -> None:
        if self._lease:
            self._bench.receipts.write(
                self._lease.id, self.device, ReceiptState.RELEASED, why, ends_lease=True
            )
        self._lease = None

"""What became of commands, on its way to the outbox."""

import asyncio
from collections.abc import Callable

import structlog

from edge.errors import OutboxError
from edge.outbox import Entry, Outbox
from edge.outbox.records import forget_lease
from edge.outbox.store import Store
from wire import Clock, Command, ContentType, Lane, Receipt, ReceiptState
from wire.command import encode_receipts

log = structlog.get_logger()

REFUSALS_AT_ONCE = 20
REFUSALS_PER_S = 1.0
"""Refused commands beyond this are only counted: receipts are never dropped from the outbox, so
whoever can publish commands could otherwise fill the disk with refusals."""


class ReceiptBook:
    """Takes receipts from anywhere on the event loop and stores them in order."""

    def __init__(self, outbox: Outbox, clock: Clock) -> None:
        self._outbox = outbox
        self._clock = clock
        self._queue: asyncio.Queue[tuple[Receipt, bool]] = asyncio.Queue()
        self._allowance = float(REFUSALS_AT_ONCE)
        self._refilled_at = clock.monotonic()
        self.unreported = 0

    def write(
        self,
        command: str,
        device: str,
        state: ReceiptState,
        detail: str = "",
        *,
        ends_lease: bool = False,
    ) -> None:
        """Report what became of a command; with `ends_lease` the lease that it began goes too."""
        now = self._clock.now()
        receipt = Receipt(command=command, device=device, state=state, at=now, detail=detail[:200])
        log.info("command.receipt", command=command, device=device, state=state, detail=detail)
        self._queue.put_nowait((receipt, ends_lease))

    def refuse(self, command: Command, state: ReceiptState, detail: str) -> None:
        """Report a command that was not taken on, as far as the rate of refusals allows."""
        now = self._clock.monotonic()
        gained = (now - self._refilled_at) * REFUSALS_PER_S
        self._allowance = min(float(REFUSALS_AT_ONCE), self._allowance + gained)
        self._refilled_at = now
        if self._allowance < 1:
            self.unreported += 1
            log.warning("command.refusal_not_reported", total=self.unreported)
            return
        self._allowance -= 1
        self.write(command.id, command.device, state, detail)

    async def run(self) -> None:
        """Store what is written, until cancelled."""
        while True:
            await self._store(*await self._queue.get())

    async def drain(self) -> None:
        """Store what is left, once `run` has been cancelled."""
        while not self._queue.empty():
            await self._store(*self._queue.get_nowait())

    async def _store(self, receipt: Receipt, ends_lease: bool) -> None:  # noqa: FBT001
        entry = Entry(Lane.LIFE, ContentType.RECEIPTS, encode_receipts([receipt]), 1)
        try:
            await self._outbox.append_all(
                [entry], also=_forgetting(receipt) if ends_lease else None
            )
        except OutboxError as error:
            log.error(  # noqa: TRY400  the trace says nothing more
                "command.receipt_not_stored", command=receipt.command, error=str(error)
            )


def _forgetting(receipt: Receipt) -> Callable[[Store], None]:
    def work(store: Store) -> None:
        forget_lease(store.connection, receipt.command)

    return work

"""The outbox as the agent sees it: everything awaited is on disk when it returns."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from edge.errors import OutboxError
from edge.outbox.database import open_database
from edge.outbox.entry import Entry, LaneView, Row
from edge.outbox.quotas import Quotas
from edge.outbox.records import (
    forget_lease,
    known_records,
    mark_executed,
    save_lease,
    saved_leases,
    was_executed,
)
from edge.outbox.reserve import Reserve
from edge.outbox.store import Store
from edge.outbox.worker import Snapshot, Worker
from wire import Ack, ContentType, Lane, LaneStatus

log = structlog.get_logger()

MAX_READ_BYTES = 1024 * 1024


class Outbox:
    """Lanes of envelopes that leave only on the hub's acknowledgement; an async context manager.

    boot: 16 hex digits, drawn when the database was made. Lane views are those of the newest
    commit that a caller could know of.
    """

    def __init__(self, path: Path, quotas: Quotas | None = None) -> None:
        self._path = path
        self._quotas = quotas or Quotas()
        self._listeners: list[Callable[[], None]] = []
        self._undeclared: Counter[Lane] = Counter()

    async def __aenter__(self) -> Self:
        """Open the database. Raises OutboxError when another agent has it."""
        connection = await asyncio.to_thread(open_database, self._path)
        store = Store(connection, self._quotas)
        self._left = Snapshot(store.boot, store.views())
        reserve = Reserve(Path(f"{self._path}.reserve"), self._quotas.reserve_bytes)
        await asyncio.to_thread(reserve.hold)
        self._worker = Worker(store, reserve, self._committed)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._worker.close()

    @property
    def boot(self) -> str:
        """The database's boot id."""
        return self._left.boot

    @property
    def lanes(self) -> Mapping[Lane, LaneView]:
        """All lanes."""
        return self._left.lanes

    def floor(self, lane: Lane) -> int:
        """The lowest seq that the lane still holds, head + 1 when it is empty."""
        return self._left.lanes[lane].floor

    def backlog(self, lane: Lane) -> int:
        """Rows that the hub has not acknowledged."""
        return self._left.lanes[lane].rows

    def statuses(self) -> dict[Lane, LaneStatus]:
        """The lanes as an agent's status tells them."""
        return {
            lane: LaneStatus(
                head=view.head,
                backlog=view.rows,
                dropped=view.dropped + self._undeclared[lane],
            )
            for lane, view in self._left.lanes.items()
        }

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call `listener` on the event loop after each commit that changed a lane."""
        self._listeners.append(listener)

    async def append(
        self,
        lane: Lane,
        type: ContentType,  # noqa: A002  the header's own word
        body: bytes,
        count: int,
    ) -> int:
        """Store one envelope and return its seq. Raises OutboxFullError, OutboxError."""
        return (await self.append_all([Entry(lane, type, body, count)]))[0]

    async def append_all(
        self, entries: Sequence[Entry], *, also: Callable[[Store], object] | None = None
    ) -> list[int]:
        """Store several envelopes, and do `also`, in one transaction: all or nothing."""

        def work(store: Store) -> list[int]:
            if also:
                also(store)
            return [store.append(entry) for entry in entries]

        lane = min((entry.lane for entry in entries), key=list(Lane).index)
        seqs = await self._worker.do(work, lane=lane, need=sum(entry.size for entry in entries))
        if self._undeclared.total():
            await self._declare()
        return seqs

    async def unacked(
        self, lane: Lane, after: int, limit: int, max_bytes: int = MAX_READ_BYTES
    ) -> list[Row]:
        """Up to `limit` rows above seq `after`, oldest first, and about `max_bytes` of body."""
        return await self._worker.do(lambda store: store.unacked(lane, after, limit, max_bytes))

    async def acknowledge(self, *acks: Ack) -> int:
        """Free what the hub has on its disk; return how many rows."""
        before = self.boot
        freed = await self._worker.do(lambda store: sum(map(store.acknowledge, acks)))
        if self.boot != before:
            log.error("outbox.went_back_in_time", old_boot=before, new_boot=self.boot)
        return freed

    async def count_drop(self, lane: Lane, count: int) -> None:
        """Count observations that were lost because they could not be stored."""
        self._undeclared[lane] += count
        await self._declare()

    async def known_records(self, device: str, source_ids: Sequence[str]) -> set[str]:
        """Those of `source_ids` that this device has pushed before."""
        return await self._worker.do(
            lambda store: known_records(store.connection, device, source_ids)
        )

    async def was_executed(self, command: str) -> bool:
        """Whether the agent has taken on this command before, in this life or an earlier one."""
        return await self._worker.do(lambda store: was_executed(store.connection, command))

    async def mark_executed(self, command: str) -> bool:
        """Remember a command before it is carried out; False when it was remembered already."""
        return await self._worker.do(lambda store: mark_executed(store.connection, command))

    async def save_lease(self, device: str, command: str, action: str) -> None:
        """Remember that a device is held, so that a restarted agent lets it go."""
        await self._worker.do(lambda store: save_lease(store.connection, device, command, action))

    async def forget_lease(self, command: str) -> None:
        """The lease that this command began is over."""
        await self._worker.do(lambda store: forget_lease(store.connection, command))

    async def saved_leases(self) -> list[tuple[str, str, str]]:
        """(device, command, action) of the leases that were open when the agent last ran."""
        return await self._worker.do(lambda store: saved_leases(store.connection))

    async def _declare(self) -> None:
        """Write the counts of what was lost; on a disk too full for that, the next time."""
        lost = Counter(self._undeclared)

        def work(store: Store) -> None:
            for lane, count in lost.items():
                store.count_drop(lane, count)

        self._undeclared.clear()
        try:
            await self._worker.do(work)
        except OutboxError:
            self._undeclared.update(lost)

    def _committed(self, left: Snapshot) -> None:
        changed, self._left = left != self._left, left
        for listener in self._listeners if changed else ():
            listener()

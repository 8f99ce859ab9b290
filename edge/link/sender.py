"""Rows from the outbox to the broker, over one connection, life safety first."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from edge.link.flow import MOST_PUBLISHES, PRIORITY, Flow
from edge.link.window import Window
from edge.outbox import Outbox, Row
from wire import Ack, Clock, Envelope, Header, Lane

Publish = Callable[[Lane, bytes], Awaitable[None]]
"""Hands an envelope to the broker; returns on its PUBACK."""


class Sender:
    """Publishes what the outbox holds; sleeps unless something happened or a time-out is due."""

    def __init__(self, outbox: Outbox, clock: Clock, publish: Publish) -> None:
        self._outbox = outbox
        self._clock = clock
        self._publish = publish
        self._wake = asyncio.Event()
        self._flow = Flow()
        self._windows = {lane: Window() for lane in Lane}
        self._ready: dict[Lane, deque[Row]] = {lane: deque() for lane in Lane}

    def wake(self) -> None:
        """Something may be there to publish."""
        self._wake.set()

    def acknowledged(self, ack: Ack) -> None:
        """The hub has these rows; they may already be gone from the outbox."""
        if ack.boot == self._outbox.boot:
            self._windows[ack.lane].acknowledged(ack.upto, ack.ranges, _now())
            self._wake.set()

    def start_over(self) -> None:
        """The hub is another one: send everything held again."""
        for lane, window in self._windows.items():
            window.rewind()
            self._ready[lane].clear()
        self._wake.set()

    async def run(self) -> None:
        """Publish until cancelled; ends with the error of a publish that failed."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._wake.clear()
                for lane, window in self._windows.items():
                    if window.time_out(_now()):
                        self._ready[lane].clear()
                    window.forget_below(self._outbox.floor(lane))
                row = await self._next_row()
                if row is None:
                    await self._sleep()
                else:
                    self._hand_over(row, group)

    async def _next_row(self) -> Row | None:
        """The next row of the most urgent lane that may send and has something."""
        for lane in PRIORITY:
            if not self._flow.has_room(lane) or not self._windows[lane].room:
                continue
            if not self._ready[lane]:
                await self._fetch(lane)
            if self._ready[lane]:
                return self._ready[lane].popleft()
        return None

    async def _fetch(self, lane: Lane) -> None:
        """Rows above the window's cursor, unless it was moved while they were read."""
        window, head = self._windows[lane], self._outbox.lanes[lane].head
        cursor = window.cursor
        if cursor >= head:
            return
        rows = await self._outbox.unacked(lane, cursor, min(window.room, MOST_PUBLISHES[lane]))
        if window.cursor != cursor:
            self._wake.set()
        elif rows:
            self._ready[lane].extend(rows)
        else:  # all up to that head is acknowledged already
            window.cursor = head

    def _hand_over(self, row: Row, group: asyncio.TaskGroup) -> None:
        floor = self._outbox.floor(row.lane)
        if row.seq < floor:
            return
        header = Header(
            boot=self._outbox.boot,
            lane=row.lane,
            seq=row.seq,
            floor=floor,
            sent_at=self._clock.now(),
            type=row.type,
        )
        self._windows[row.lane].published(row.seq, _now())
        payload = Envelope(header, row.body).encode()
        self._flow.begin(row.lane, len(payload))
        group.create_task(self._send(row.lane, payload), name=f"publish {row.lane}")

    async def _send(self, lane: Lane, payload: bytes) -> None:
        await self._publish(lane, payload)
        self._flow.end(lane, len(payload))
        self._wake.set()

    async def _sleep(self) -> None:
        dues = [due for window in self._windows.values() if (due := window.due_at()) is not None]
        wait = max(0.0, min(dues) - _now()) if dues else None
        try:
            async with asyncio.timeout(wait):
                await self._wake.wait()
        except TimeoutError:
            return


def _now() -> float:
    """Real monotonic seconds: the network does not run faster in a simulation."""
    return asyncio.get_running_loop().time()

"""Random appends, acks, drops, crashes and reopenings against a model in plain Python."""

import asyncio
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from edge.outbox import LaneQuota, Outbox, Quotas
from wire import Ack, ContentType, Lane, SeqSet

MAX_ROWS = 5
QUOTAS = Quotas(
    telemetry=LaneQuota(max_mib=1, max_rows=MAX_ROWS), media=LaneQuota(max_mib=1, max_rows=MAX_ROWS)
)
LOSSY = {Lane.TELEMETRY, Lane.MEDIA}
LANES = st.sampled_from(list(Lane))


class OutboxMachine(RuleBasedStateMachine):
    """What the outbox holds is what was appended, less what was acknowledged or dropped."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.held: dict[Lane, dict[int, tuple[bytes, int]]] = {lane: {} for lane in Lane}
        self.head = dict.fromkeys(Lane, 0)
        self.dropped = dict.fromkeys(Lane, 0)

    @initialize()
    def open(self) -> None:
        self.outbox = Outbox(Path(self.folder.name) / "o.db", QUOTAS)
        self.loop.run_until_complete(self.outbox.__aenter__())
        self.boot = self.outbox.boot

    @rule(lane=LANES, body=st.binary(max_size=40), count=st.integers(1, 9))
    def append(self, lane: Lane, body: bytes, count: int) -> None:
        append = self.outbox.append(lane, ContentType.OBSERVATIONS, body, count)
        seq = self.loop.run_until_complete(append)
        self.head[lane] += 1
        assert seq == self.head[lane]
        held = self.held[lane]
        if lane in LOSSY and len(held) == MAX_ROWS:
            self.dropped[lane] += held.pop(min(held))[1]
        held[seq] = (body, count)

    @rule(lane=LANES, numbers=st.sets(st.integers(1, 30), max_size=12))
    def acknowledge(self, lane: Lane, numbers: set[int]) -> None:
        stored = SeqSet()
        for number in sorted(numbers):
            if number <= self.head[lane]:
                stored.add(number)
        ack = Ack(
            hub="0" * 16,
            boot=self.boot,
            lane=lane,
            upto=stored.upto,
            ranges=tuple((low, high) for low, high in stored.ranges),
        )
        freed = self.loop.run_until_complete(self.outbox.acknowledge(ack))
        gone = {seq for seq in self.held[lane] if seq in stored}
        assert freed == len(gone)
        for seq in gone:
            del self.held[lane][seq]

    @rule(lane=LANES, count=st.integers(1, 5))
    def lose(self, lane: Lane, count: int) -> None:
        self.loop.run_until_complete(self.outbox.count_drop(lane, count))
        self.dropped[lane] += count

    @rule()
    def reopen(self) -> None:
        self.loop.run_until_complete(self.outbox.__aexit__(None, None, None))
        self.outbox = Outbox(Path(self.folder.name) / "o.db", QUOTAS)
        self.loop.run_until_complete(self.outbox.__aenter__())
        assert self.outbox.boot == self.boot

    @invariant()
    def holds_what_the_model_holds(self) -> None:
        for lane in Lane:
            rows = self.loop.run_until_complete(self.outbox.unacked(lane, 0, 1000))
            held = self.held[lane]
            assert {row.seq: row.body for row in rows} == {
                seq: body for seq, (body, _) in held.items()
            }
            view = self.outbox.lanes[lane]
            assert view.head == self.head[lane]
            assert view.floor == min(held, default=self.head[lane] + 1)
            assert view.rows == len(held)
            assert view.dropped == self.dropped[lane]

    def teardown(self) -> None:
        self.loop.run_until_complete(self.outbox.__aexit__(None, None, None))
        self.loop.close()
        self.folder.cleanup()


TestOutboxAgainstModel = OutboxMachine.TestCase
TestOutboxAgainstModel.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)

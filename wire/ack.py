"""The hub's durable acknowledgement, and the arithmetic of numbers received."""

from bisect import bisect_right
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from wire.envelope import MAX_SEQ, Boot, Lane, Seq
from wire.errors import WireError

MAX_RANGES = 256
"""Ranges that one ack may list; the rest are acknowledged once the gaps below them close."""


class Ack(BaseModel):
    """Everything up to `upto`, and the closed `ranges` above it, is on the hub's disk.

    hub: the hub's own boot id; when it changes, the agent resends what is not acknowledged.
    """

    model_config = ConfigDict(frozen=True)

    v: Literal[1] = 1
    hub: Boot
    boot: Boot
    lane: Lane
    upto: Annotated[int, Field(ge=0, le=MAX_SEQ)]
    ranges: Annotated[tuple[tuple[Seq, Seq], ...], Field(max_length=MAX_RANGES)] = ()

    def encode(self) -> bytes:
        """The bytes that are published."""
        return self.model_dump_json().encode()

    @classmethod
    def decode(cls, payload: bytes) -> "Ack":
        """Read an ack. Raises WireError(`bad-ack`)."""
        try:
            return cls.model_validate_json(payload)
        except ValidationError as error:
            raise WireError.of("bad-ack", error, whole="ack") from None


class SeqSet:
    """A set of seqs: all of 1..`upto`, and sorted, disjoint, closed `ranges` above it."""

    __slots__ = ("ranges", "upto")

    def __init__(self, upto: int = 0, ranges: tuple[tuple[int, int], ...] = ()) -> None:
        self.upto = upto
        self.ranges: list[tuple[int, int]] = sorted(ranges)

    def __contains__(self, seq: int) -> bool:
        if seq <= self.upto:
            return True
        place = bisect_right(self.ranges, (seq, 2**63)) - 1
        return place >= 0 and self.ranges[place][1] >= seq

    def add(self, seq: int) -> bool:
        """Add one seq; False when it was there already."""
        if seq in self:
            return False
        if seq == self.upto + 1:
            self.upto = seq
            self._swallow()
            return True
        place = bisect_right(self.ranges, (seq, 2**63))
        low = high = seq
        if place < len(self.ranges) and self.ranges[place][0] == seq + 1:
            high = self.ranges.pop(place)[1]
        if place > 0 and self.ranges[place - 1][1] == seq - 1:
            low = self.ranges.pop(place - 1)[0]
            place -= 1
        self.ranges.insert(place, (low, high))
        return True

    def raise_floor(self, floor: int) -> int:
        """Take everything below `floor` as settled; return how many of those were never added."""
        if floor - 1 <= self.upto:
            return 0
        missing = floor - 1 - self.upto
        for low, high in self.ranges:
            missing -= max(0, min(high, floor - 1) - low + 1)
        self.upto = floor - 1
        self.ranges = [(max(low, floor), high) for low, high in self.ranges if high >= floor]
        self._swallow()
        return missing

    def _swallow(self) -> None:
        while self.ranges and self.ranges[0][0] <= self.upto + 1:
            self.upto = max(self.upto, self.ranges.pop(0)[1])

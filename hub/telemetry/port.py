"""What the hub asks of a store for telemetry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from sqlalchemy import Connection

Bucket = tuple[int, float, float, float]
"""`(t, min, avg, max)`: t is the bucket's first moment, ms."""


class Point(NamedTuple):
    """One number of one signal, in the signal's unit.

    stream_id, seq, idx: the observation that it came in, which makes it unique.
    """

    site: str
    device: str
    signal: str
    at: int
    value: float
    stream_id: int
    seq: int
    idx: int


@dataclass(frozen=True, slots=True)
class Span:
    """One signal from `start` to `end` (ms, end excluded), in at most `points` buckets."""

    site: str
    device: str
    signal: str
    start: int
    end: int
    points: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Points of a site, ever stored and ever purged; neither falls."""

    stored: int
    purged: int


class Telemetry(Protocol):
    """A back end. `connection` is the caller's transaction; another store may ignore it."""

    def append(self, connection: Connection, points: Sequence[Point]) -> None:
        """Keep the points; durable when the transaction is."""
        ...

    def forget(self) -> None:
        """The transaction was rolled back: drop whatever was cached from it."""
        ...

    def series(self, connection: Connection, span: Span) -> list[Bucket]:
        """The buckets that hold a value, oldest first."""
        ...

    def totals(self, connection: Connection) -> Mapping[str, Totals]:
        """By site."""
        ...

    def purge(self, connection: Connection, *, before: int, max_bytes: int, chunk: int) -> int:
        """Remove at most about `chunk` points and say how many.

        First those older than `before`, then the oldest of all until the rest weighs at most
        `max_bytes`. 0 means that nothing is left to remove.
        """
        ...

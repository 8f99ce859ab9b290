"""What the hub asks of a store for telemetry."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from sqlalchemy import Connection

DAY_MS: Final = 24 * 3_600_000

Bucket = tuple[int, float, float, float]
"""`(t, min, avg, max)`: t is the bucket's first moment, ms."""


class Point(NamedTuple):
    """One number of one signal, in the signal's unit.

    stream_id, seq, idx: the observation that it came in, which makes it unique.
    urgent: it came in the life lane; where room is short, it outlives those that did not.
    """

    site: str
    device: str
    signal: str
    at: int
    value: float
    stream_id: int
    seq: int
    idx: int
    urgent: bool = False


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
class Keep:
    """Days that each resolution is kept, and the most that all of it may weigh, in bytes."""

    raw_days: int = 30
    minute_days: int = 400
    hour_days: int = 3650
    max_bytes: int = 2048 * 1024 * 1024


class Telemetry(Protocol):
    """A back end. `connection` is the writer's transaction in the hub's own database."""

    def append(self, connection: Connection, points: Sequence[Point]) -> None:
        """Keep the points; from the commit on they are not lost. Waits for no other machine."""
        ...

    def forget(self) -> None:
        """The transaction was rolled back: drop whatever was cached from it."""
        ...

    def series(self, span: Span) -> list[Bucket]:
        """The buckets that hold a value, oldest first; blocks, from any thread.

        Where it reads what was downsampled, a bucket's edges lie on whole minutes or hours: the
        first may begin before `start`. Raises UnavailableError when its server does not answer.
        """
        ...

    def roll(self, connection: Connection, now: int) -> int:
        """Downsample a little of what is complete by now; 0 when nothing is left to do."""
        ...

    def purge(self, connection: Connection, now: int) -> int:
        """Remove a little of what is kept no longer, or is too much; 0 when nothing is left."""
        ...

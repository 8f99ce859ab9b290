"""What goes into the outbox, and what comes out."""

from dataclasses import dataclass, field

from wire import ContentType, Lane

ROW_OVERHEAD = 100
"""Bytes that a row costs beyond its body (b-tree cells, index, header), for the quotas."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One envelope to be.

    count: observations or receipts in `body`.
    records: (device, source id) of what is in it, remembered so that a re-push is recognised.
    """

    lane: Lane
    type: ContentType
    body: bytes
    count: int
    records: tuple[tuple[str, str], ...] = field(default=())

    @property
    def size(self) -> int:
        """Bytes that the quotas count."""
        return len(self.body) + ROW_OVERHEAD


@dataclass(frozen=True, slots=True)
class Row:
    """One stored envelope; its header is made when it is published."""

    lane: Lane
    seq: int
    type: ContentType
    body: bytes


@dataclass(frozen=True, slots=True)
class LaneView:
    """One lane at a moment.

    head: the highest seq given out. floor: the lowest seq held, head + 1 when none is.
    rows, size: what is held, size in bytes. dropped: observations given up since the database was
    made; one that the hub had stored already, but not yet acknowledged, counts as dropped too.
    """

    head: int = 0
    floor: int = 1
    rows: int = 0
    size: int = 0
    dropped: int = 0

"""How much may be between this agent and the broker's acknowledgement. Pure."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from wire import Lane

PRIORITY: Final = (Lane.LIFE, Lane.EVENT, Lane.TELEMETRY, Lane.MEDIA)

MOST_PUBLISHES: Final[Mapping[Lane, int]] = {
    Lane.LIFE: 64,
    Lane.EVENT: 32,
    Lane.TELEMETRY: 16,
    Lane.MEDIA: 4,
}
"""Publishes without the broker's PUBACK, by lane."""

BULK: Final = frozenset({Lane.TELEMETRY, Lane.MEDIA})
MOST_BULK_BYTES = 16 * 1024
"""Bytes of bulk lanes between agent and broker: two seconds of a 64 kbit/s line, so that a life
safety message never stands behind more than that (one row may be larger; it then goes alone)."""


class Flow:
    """Counts what is between agent and broker."""

    def __init__(self) -> None:
        self._publishes: Counter[Lane] = Counter()
        self._bulk_bytes = 0

    def has_room(self, lane: Lane) -> bool:
        """Whether another row of the lane may be handed to the broker now."""
        if self._publishes[lane] >= MOST_PUBLISHES[lane]:
            return False
        return lane not in BULK or self._bulk_bytes < MOST_BULK_BYTES

    def begin(self, lane: Lane, size: int) -> None:
        """A row is handed over."""
        self._publishes[lane] += 1
        self._bulk_bytes += size if lane in BULK else 0

    def end(self, lane: Lane, size: int) -> None:
        """The broker confirmed it."""
        self._publishes[lane] -= 1
        self._bulk_bytes -= size if lane in BULK else 0

"""When pictures were taken: by the stream's own clock where it has one, or else when they came."""

from typing import Final

JUMP_S: Final = 1.0
"""A stream whose clock is off by more than this against ours has begun a new one."""
LATE_S: Final = 30.0
"""Unless it is only late: a machine or a network that stumbled catches up within this time."""


class StreamTime:
    """own: the stream stamps its pictures. Streams of JPEGs do not: FFmpeg makes up 25 a second."""

    def __init__(self, *, own: bool) -> None:
        self.early = 0.0
        """How much later than taken the first picture came, at least: to be taken off, s."""
        self._own = own
        self._base: float | None = None
        self._last = 0.0
        self._late_from: float | None = None

    def of(self, stamp: float | None, arrived: float) -> float:
        """When a picture was taken, on a steady clock that is about the monotonic one, s.

        stamp: by the stream's clock, s.
        """
        if not self._own or stamp is None:
            return arrived
        if self._base is None or self._is_new(stamp, arrived - stamp - self._base, arrived):
            self._base, self.early, self._late_from = arrived - stamp, 0.0, None
        self._last = stamp
        taken = stamp + self._base
        self.early = max(self.early, taken - arrived)
        return taken

    def moment(self, at_s: float) -> float:
        """The monotonic clock, s, at a time that `of` gave."""
        return at_s - self.early

    def _is_new(self, stamp: float, late: float, arrived: float) -> bool:
        """Whether the stream's clock is another one, and the picture not only late."""
        if abs(late) <= JUMP_S:
            self._late_from = None
            return False
        if late < 0 or stamp < self._last:
            return True
        if self._late_from is None:
            self._late_from = arrived
        return arrived - self._late_from > LATE_S

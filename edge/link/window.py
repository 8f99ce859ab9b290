"""What of one lane is out and not yet acknowledged. Pure: the time is handed in."""

MOST_OUT = 256
"""Rows of a lane that may be out without the hub's acknowledgement."""

FIRST_OUT = 16
"""Rows that may be out before the hub has acknowledged anything; grows by what it acknowledges."""

FIRST_TIMEOUT_S = 5.0
MOST_TIMEOUT_S = 60.0


class Window:
    """One lane's share of the link.

    A row that is not acknowledged in time is sent again, also while later ones are: its message
    may have been lost between the broker and the hub. After `rewind` and after a time-out the lane
    starts again from the lowest row held. How many rows may be out then depends on what the hub
    acknowledges, and the time-out doubles while it acknowledges nothing: a hub that never does is
    sent one row per time-out, not the backlog. A hub that is merely slow gets twice the time that
    it last took.
    """

    def __init__(self) -> None:
        self.cursor = 0
        self._out: dict[int, float] = {}  # seq to when it went out; oldest first
        self._allowed = FIRST_OUT
        self._timeout_s = FIRST_TIMEOUT_S

    @property
    def room(self) -> int:
        """Rows that may be published now."""
        return max(0, self._allowed - len(self._out))

    def published(self, seq: int, now_s: float) -> None:
        """A row goes out."""
        self._out[seq] = now_s
        self.cursor = max(self.cursor, seq)

    def acknowledged(self, upto: int, ranges: tuple[tuple[int, int], ...], now_s: float) -> None:
        """The hub has these on its disk."""
        freed = [
            seq
            for seq in self._out
            if seq <= upto or any(low <= seq <= high for low, high in ranges)
        ]
        if not freed:
            return
        slowest_s = max(now_s - self._out.pop(seq) for seq in freed)
        self._allowed = min(MOST_OUT, self._allowed + len(freed))
        self._timeout_s = min(MOST_TIMEOUT_S, max(FIRST_TIMEOUT_S, 2 * slowest_s))

    def forget_below(self, floor: int) -> None:
        """Rows below the floor are gone: acknowledged, or dropped."""
        while self._out and (lowest := next(iter(self._out))) < floor:
            del self._out[lowest]
        self.cursor = max(self.cursor, floor - 1)

    def rewind(self) -> None:
        """A new connection, or a new hub: everything held is sent again, slowly at first."""
        self._start_over(FIRST_OUT)
        self._timeout_s = FIRST_TIMEOUT_S

    def due_at(self) -> float | None:
        """When `time_out` has something to do; None while nothing is out."""
        return next(iter(self._out.values())) + self._timeout_s if self._out else None

    def time_out(self, now_s: float) -> bool:
        """Start over, with one row, when one was not acknowledged for too long."""
        due = self.due_at()
        if due is None or now_s < due:
            return False
        self._start_over(1)
        self._timeout_s = min(MOST_TIMEOUT_S, self._timeout_s * 2)
        return True

    def _start_over(self, allowed: int) -> None:
        self.cursor = 0
        self._out.clear()
        self._allowed = allowed

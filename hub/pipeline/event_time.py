"""When something happened, by clocks that may all be wrong but the hub's."""

from typing import Any, Final, NamedTuple

GOOD_CLOCK_MS: Final = 5_000
"""A device clock this close to its agent's is believed (GB 50396: 5 s a day for a host)."""

IGNORED_OFFSET_MS: Final = 2_000
"""An agent's clock this close to the hub's is taken as right: what is left is the network."""

OFFLINE_LIST_MS: Final = 30 * 24 * 3_600_000
"""A replayed record may be this old by its device's clock; more means that the clock is wrong."""

_WINDOW_MS: Final = 60_000
_STEP_BACK_MS: Final = 10_000
"""An agent that is this far behind what it said before has had its clock set. Less may be a message
that others overtook on a bad line: taken for a clock, its delay would be added to all events of the
next minutes. A smaller step is followed by the windows."""


class ClockOffset(NamedTuple):
    """Hub clock minus agent clock: the least delay of the last one to two minutes.

    A message is never received before it is sent, so the least of (received - sent) is the best
    guess. Kept as two windows, so that the estimate follows a clock that was set.

    since: when the current window began, hub clock. current, previous: least delay, ms.
    sent_at: the newest the agent has said.
    """

    since: int
    current: int
    previous: int | None
    sent_at: int

    @classmethod
    def first(cls, sent_at: int, received_at: int) -> "ClockOffset":
        """The estimate after one envelope."""
        return cls(received_at, received_at - sent_at, None, sent_at)

    @classmethod
    def load(cls, stored: Any) -> "ClockOffset | None":
        """What `dump` made, or None."""
        return cls(*stored) if stored else None

    def dump(self) -> list[int | None]:
        """JSON for the agent's row."""
        return [self.since, self.current, self.previous, self.sent_at]

    def after(self, sent_at: int, received_at: int) -> "ClockOffset":
        """The estimate after one more envelope; begun anew when one of the clocks was set.

        The hub's own is only ever set between two of its lives: what it knew then is too old, or
        lies ahead.
        """
        age = received_at - self.since
        is_current = -_STEP_BACK_MS <= age < 2 * _WINDOW_MS
        if sent_at < self.sent_at - _STEP_BACK_MS or not is_current:
            return ClockOffset.first(sent_at, received_at)
        delay = received_at - sent_at
        newest = max(sent_at, self.sent_at)
        if age >= _WINDOW_MS:
            return ClockOffset(received_at, delay, self.current, newest)
        return ClockOffset(self.since, min(self.current, delay), self.previous, newest)

    @property
    def ms(self) -> int:
        """To be added to the agent's clock; 0 while it is good enough."""
        least = self.current if self.previous is None else min(self.current, self.previous)
        return 0 if abs(least) <= IGNORED_OFFSET_MS else least


def happened_at(at: int, seen: int, offset: int, *, historical: bool) -> int:
    """When a report's event happened, hub clock, ms.

    at: device clock. seen: agent clock when it took the report. offset: `ClockOffset.ms`.
    The device's clock is believed when it agrees with the agent's, or when it tells of the past
    in a replayed list; otherwise the moment that the agent saw it stands.
    """
    skew = at - seen
    if abs(skew) <= GOOD_CLOCK_MS or (historical and -OFFLINE_LIST_MS <= skew <= 0):
        return at + offset
    return seen + offset

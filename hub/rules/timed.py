"""A condition with an on-delay and an off-delay (ISA-18.2, 'time delay'), as a reducer.

Time passes in two ways: by the readings' own time, and, while none comes, by the hub's, since what
was last said stands until something else is said. A tick that comes much later than it was due
means that the hub was away: what it has not yet read may speak against the change, so it waits
once more.
"""

from dataclasses import dataclass, replace

AWAY_MS = 5_000
"""A tick this late was not held up, it was missed: the hub was stopped or stood still."""

GRACE_MS = 5_000
"""How long a hub that was away waits for what agents kept for it."""


@dataclass(frozen=True, slots=True)
class Delays:
    """On-delay and off-delay, ms."""

    on: int
    off: int

    @classmethod
    def of(cls, on_s: float, off_s: float) -> "Delays":
        """From seconds."""
        return cls(round(on_s * 1000), round(off_s * 1000))


@dataclass(frozen=True, slots=True)
class Timed:
    """Whether the condition stands, and since when the readings say otherwise.

    since: by the reading's time, ms. wait_from: hub time from which the delay is counted, ms.
    graced: it has waited once more already.
    """

    active: bool = False
    since: int | None = None
    wait_from: int | None = None
    graced: bool = False

    def settled(self, *, met: bool) -> bool:
        """Whether a reading that says so changes nothing: it stands, and nothing waits."""
        return met == self.active and self.since is None

    def seen(self, *, met: bool, at: int, received: int, delays: Delays) -> "Timed":
        """A reading says that the condition is, or is not, met."""
        if met == self.active:
            return self if self.since is None else Timed(active=self.active)
        if self.since is None or self.wait_from is None:
            waiting = Timed(self.active, at, received)
        else:
            waiting = self
        return waiting.turned() if at - _known(waiting.since) >= self._delay(delays) else waiting

    def lapsed(self, now: int, delays: Delays) -> "Timed":
        """Time passes up to `now`, and nothing else was said."""
        due = self.due(delays)
        if due is None or now < due:
            return self
        if now - due > AWAY_MS and not self.graced:
            wait_from = now + max(0, GRACE_MS - self._delay(delays))
            return replace(self, wait_from=wait_from, graced=True)
        return self.turned()

    def due(self, delays: Delays) -> int | None:
        """When `lapsed` would change something, ms."""
        return None if self.wait_from is None else self.wait_from + self._delay(delays)

    def turned(self) -> "Timed":
        """The condition now stands, or no longer does."""
        return Timed(active=not self.active)

    def _delay(self, delays: Delays) -> int:
        return delays.off if self.active else delays.on


def _known(value: int | None) -> int:
    if value is None:
        raise ValueError("a waiting condition has no beginning")
    return value


def earliest(*times: int | None) -> int | None:
    """The first of the moments that are set."""
    return min((time for time in times if time is not None), default=None)


def latest(*times: int | None) -> int | None:
    """The last of the moments that are set."""
    return max((time for time in times if time is not None), default=None)

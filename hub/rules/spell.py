"""A condition that is over in a moment, such as a car that slipped through.

Its alarm stands for a while after the last such moment, so that a few in a row are one alarm.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spell:
    """last_at: the newest moment, ms; None while there is no alarm. count: moments in a row."""

    last_at: int | None = None
    count: int = 0

    def again(self, at: int) -> "Spell":
        """Another moment, at `at`."""
        last = at if self.last_at is None else max(self.last_at, at)
        return Spell(last, self.count + 1)

    def ends_at(self, quiet: int) -> int | None:
        """When it is over unless something more happens; quiet: ms."""
        return None if self.last_at is None else self.last_at + quiet

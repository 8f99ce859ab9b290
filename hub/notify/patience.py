"""How long something is tried again that could not be sent."""

import random
from dataclasses import dataclass
from typing import Final

FIRST_PAUSE_MS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Patience:
    """tries: at most. longest_ms: the pauses double up to this."""

    tries: int
    longest_ms: int

    def again_at(self, tried: int, now: int) -> int | None:
        """When it is tried next, ms, after so many tries before this one; None: no more."""
        if tried + 1 >= self.tries:
            return None
        pause_ms = min(FIRST_PAUSE_MS << tried, self.longest_ms)
        jitter = random.uniform(0.8, 1.2)  # noqa: S311 - spreads retries, hides nothing
        return now + round(pause_ms * jitter)


PEOPLE: Final = Patience(tries=16, longest_ms=600_000)
"""Reaches over an hour of an absent service: later, whoever was to be called has been missed."""

SYSTEMS: Final = Patience(tries=40, longest_ms=3_600_000)
"""Reaches over a day: a platform that was away for a night is told all the same."""

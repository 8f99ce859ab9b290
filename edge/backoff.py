"""Growing, jittered pauses between tries."""

import random
from collections.abc import Callable


class Backoff:
    """Pauses that double from `first_s` to `most_s`, each between half of that and the whole.

    The jitter keeps a whole estate from knocking at the same moment after an outage.
    """

    def __init__(
        self,
        first_s: float,
        most_s: float,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._first_s = first_s
        self._most_s = most_s
        self._draw = draw
        self._ceiling_s = first_s

    def next(self) -> float:
        """The next pause, s."""
        pause = self._ceiling_s * (0.5 + self._draw() / 2)
        self._ceiling_s = min(self._most_s, self._ceiling_s * 2)
        return pause

    def reset(self) -> None:
        """It worked: start over."""
        self._ceiling_s = self._first_s

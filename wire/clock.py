"""One clock for hub and edge, that a simulation can start anywhere and run faster."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as `origin + rate * elapsed`.

    read: a monotonic clock in seconds, such as `time.monotonic`; passed in, so that nothing here
        does I/O.
    origin: milliseconds since the epoch at the moment `read` returned `zero`.
    rate: simulated seconds per real second, > 0.
    """

    read: Callable[[], float]
    origin: int
    zero: float
    rate: float = 1.0

    def now(self) -> int:
        """Milliseconds since the epoch; never goes back."""
        return self.origin + int((self.read() - self.zero) * self.rate * 1000)

    def monotonic(self) -> float:
        """Simulated seconds since `zero`: for ages, leases and time-outs."""
        return (self.read() - self.zero) * self.rate

    def real_seconds(self, simulated: float) -> float:
        """How long to sleep, in real seconds, for `simulated` seconds to pass."""
        return simulated / self.rate

"""Local time on an estate."""

from typing import Final

from wire import Clock

LOCAL_OFFSET_S: Final = 8 * 3600
"""China Standard Time, the same all year."""


def local_seconds(clock: Clock) -> float:
    """Local time, seconds since the epoch's local midnight."""
    return clock.now() / 1000 + LOCAL_OFFSET_S

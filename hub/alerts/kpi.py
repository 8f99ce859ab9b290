"""Figures by which alarm management is judged (ISA-18.2-2016, 16; EEMUA 191)."""

from collections.abc import Iterable
from typing import Final

WINDOW_MS: Final = 600_000
ACCEPTABLE: Final = 1.0
"""Alarms a person can be told in ten minutes, on average, all day (EEMUA 191)."""

MANAGEABLE: Final = 2.0
"""The most that can be managed."""

STALE_MS: Final = 24 * 3_600_000
FLOOD_SHARE: Final = 0.01
"""Time in flood that is no fault, of all time."""


def per_window(alarms: int, since: int, until: int) -> float:
    """The average number of alarms in ten minutes."""
    return alarms * WINDOW_MS / max(until - since, 1)


def flood_ms(floods: Iterable[tuple[int, int | None]], since: int, until: int) -> int:
    """How much of the time lay in floods; one without an end lasts."""
    return sum(
        max(0, min(until if ended is None else ended, until) - max(began, since))
        for began, ended in floods
    )

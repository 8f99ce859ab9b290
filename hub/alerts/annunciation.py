"""How many alarms a person at a desk is told at once (EEMUA 191; ISA-18.2-2016, 16: floods).

A flood begins with more than ten alarms in ten minutes and ends below five. While it lasts, what
is not a P0 is told as a group; and whatever comes, no more than ten sounds that are not a P0's are
made in ten minutes. A P0 is always told alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from hub.alerts.model import Annunciation
from hub.config import Priority

WINDOW_MS: Final = 600_000
FLOOD_BEGINS_ABOVE: Final = 10
FLOOD_ENDS_BELOW: Final = 5
SOUNDS: Final = 10
GROUP_EVERY_MS: Final = 120_000
"""A group sounds this often at most: a guard who is told to look needs time to look."""

SOUNDED: Final = frozenset({Annunciation.ALONE, Annunciation.GROUP})
"""How an alarm is told when it makes a sound."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """What came to a desk before an alarm.

    alarms: when the last FLOOD_BEGINS_ABOVE or more came, newest first, ms.
    sounds: when the last SOUNDS that were not a P0's were made, newest first, ms.
    flood: it is in a flood already.
    """

    alarms: Sequence[int] = ()
    sounds: Sequence[int] = ()
    flood: bool = False

    def and_one(self, now: int, priority: Priority, how: Annunciation, *, again: bool) -> "Traffic":
        """The traffic behind one more alarm that was told so at `now`. again: told before."""
        alarms = self.alarms if again else (now, *self.alarms)[:FLOOD_BEGINS_ABOVE]
        sounded = how in SOUNDED and priority is not Priority.P0
        sounds = (now, *self.sounds)[:SOUNDS] if sounded else self.sounds
        return replace(self, alarms=alarms, sounds=sounds)

    def floods(self, now: int) -> bool:
        """Whether one more alarm at `now` is part of a flood."""
        recent = sum(now - at < WINDOW_MS for at in self.alarms) + 1
        if self.flood:
            return recent >= FLOOD_ENDS_BELOW
        return recent > FLOOD_BEGINS_ABOVE


def annunciate(priority: Priority, traffic: Traffic, now: int) -> Annunciation:
    """How one more alarm is told."""
    if priority is Priority.P3:
        return Annunciation.SILENT
    if priority is Priority.P0:
        return Annunciation.ALONE
    full = sum(now - at < WINDOW_MS for at in traffic.sounds) >= SOUNDS
    if not traffic.floods(now):
        return Annunciation.GROUPED if full else Annunciation.ALONE
    rested = not traffic.sounds or now - traffic.sounds[0] >= GROUP_EVERY_MS
    return Annunciation.GROUP if rested and not full else Annunciation.GROUPED


def flood_over_at(alarms: Sequence[int], began_at: int) -> int:
    """When fewer than FLOOD_ENDS_BELOW will have come in ten minutes, if no more come.

    alarms: newest first.
    """
    if len(alarms) < FLOOD_ENDS_BELOW:
        return began_at
    return alarms[FLOOD_ENDS_BELOW - 1] + WINDOW_MS

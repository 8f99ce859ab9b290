"""An e-bike in an elevator car as a session, not a frame: one table.

Suspicion ▸ the door is held and a voice asks to turn back ▸ confirmed, or let go ▸ gone. The table
is the whole state machine: what it does not list changes nothing. It fails open: from every phase
that holds the door, running out of frames, of certainty or of time leads to one that does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from wire import Text


class Phase(StrEnum):
    """How far a session has come."""

    IDLE = "idle"
    SUSPICION = "suspicion"  # seen once: look closely
    PRE_HOLD = "pre-hold"  # seen again: hold the door, ask to turn back
    CONFIRMED = "confirmed"  # it is one: alarm, and hold on
    LET_GO = "let-go"  # it is one, and the door is no longer held
    RIDING = "riding"  # it is one, and the car has left with it
    QUIET = "quiet"  # held for nothing: no hold for a while
    DISMISSED = "dismissed"  # staff has let the door go: nothing more until it is gone, or for long


class Event(StrEnum):
    """What can happen to it."""

    SIGHT = "sight"  # a fresh frame shows one
    SUSPECT = "suspect"  # enough of the last frames do
    CONFIRM = "confirm"  # enough of the last frames do, beyond the alarm threshold
    CLEAR = "clear"  # frames show that there is none, and it is not shut in with the car
    AWAY = "away"  # the door closed or the car moved, and frames after that still show it
    LOST = "lost"  # no frame has shown one for a while, whether frames come or not
    LAPSED = "lapsed"  # suspicion has not become certainty in time
    CAP = "cap"  # the door was held for as long as it may be
    STAFF = "staff"  # somebody in the control room let the door go
    FIRE = "fire"  # the car's fire input is active
    GIVE_UP = "give-up"  # no frame at all for a long time
    QUIET_OVER = "quiet-over"


class Effect(StrEnum):
    """What follows."""

    OPEN = "open"  # the session begins, with the sighting that there is now
    HOLD = "hold"  # hold the door and speak
    RELEASE = "release"  # no longer
    ALARM = "alarm"  # the condition stands
    TELL = "tell"  # it stands, and something about it is new
    END = "end"  # the condition is over


class Outcome(StrEnum):
    """How a confirmed session ended."""

    DISSUADED = "dissuaded"  # it left while the door was held
    RODE = "rode"  # the car left with it
    LEFT = "left"  # it left, with the door no longer held
    BY_STAFF = "by-staff"  # staff took over
    UNKNOWN = "unknown"  # the camera has told nothing more


@dataclass(frozen=True, slots=True)
class Move:
    """The next phase and what follows, in order. outcome: with END."""

    phase: Phase
    effects: tuple[Effect, ...] = ()
    outcome: Outcome | None = None


_P, _E, _F, _O = Phase, Event, Effect, Outcome

TABLE: Final[Mapping[tuple[Phase, Event], Move]] = {
    (_P.IDLE, _E.SIGHT): Move(_P.SUSPICION, (_F.OPEN,)),
    (_P.IDLE, _E.CONFIRM): Move(_P.LET_GO, (_F.OPEN, _F.ALARM)),  # in frames too old to act on
    (_P.SUSPICION, _E.SUSPECT): Move(_P.PRE_HOLD, (_F.HOLD,)),
    (_P.SUSPICION, _E.CONFIRM): Move(_P.CONFIRMED, (_F.HOLD, _F.ALARM)),
    (_P.SUSPICION, _E.CLEAR): Move(_P.IDLE),
    (_P.SUSPICION, _E.LAPSED): Move(_P.IDLE),
    (_P.SUSPICION, _E.STAFF): Move(_P.DISMISSED),
    (_P.PRE_HOLD, _E.CONFIRM): Move(_P.CONFIRMED, (_F.ALARM,)),
    (_P.PRE_HOLD, _E.CLEAR): Move(_P.QUIET, (_F.RELEASE,)),
    (_P.PRE_HOLD, _E.LOST): Move(_P.QUIET, (_F.RELEASE,)),
    (_P.PRE_HOLD, _E.LAPSED): Move(_P.QUIET, (_F.RELEASE,)),
    (_P.PRE_HOLD, _E.CAP): Move(_P.QUIET, (_F.RELEASE,)),
    (_P.PRE_HOLD, _E.FIRE): Move(_P.QUIET, (_F.RELEASE,)),
    (_P.PRE_HOLD, _E.STAFF): Move(_P.DISMISSED, (_F.RELEASE,)),
    (_P.CONFIRMED, _E.CLEAR): Move(_P.IDLE, (_F.RELEASE, _F.END), _O.DISSUADED),
    (_P.CONFIRMED, _E.AWAY): Move(_P.RIDING, (_F.RELEASE, _F.TELL)),
    (_P.CONFIRMED, _E.LOST): Move(_P.LET_GO, (_F.RELEASE, _F.TELL)),
    (_P.CONFIRMED, _E.CAP): Move(_P.LET_GO, (_F.RELEASE, _F.TELL)),
    (_P.CONFIRMED, _E.FIRE): Move(_P.LET_GO, (_F.RELEASE, _F.TELL)),
    (_P.CONFIRMED, _E.STAFF): Move(_P.DISMISSED, (_F.RELEASE, _F.END), _O.BY_STAFF),
    (_P.LET_GO, _E.CLEAR): Move(_P.IDLE, (_F.END,), _O.LEFT),
    (_P.LET_GO, _E.AWAY): Move(_P.RIDING, (_F.TELL,)),
    (_P.LET_GO, _E.STAFF): Move(_P.DISMISSED, (_F.END,), _O.BY_STAFF),
    (_P.LET_GO, _E.GIVE_UP): Move(_P.IDLE, (_F.END,), _O.UNKNOWN),
    (_P.RIDING, _E.CLEAR): Move(_P.IDLE, (_F.END,), _O.RODE),
    (_P.RIDING, _E.STAFF): Move(_P.DISMISSED, (_F.END,), _O.BY_STAFF),
    (_P.RIDING, _E.GIVE_UP): Move(_P.IDLE, (_F.END,), _O.RODE),
    (_P.QUIET, _E.CONFIRM): Move(_P.LET_GO, (_F.OPEN, _F.ALARM)),  # not what was held for nothing
    (_P.QUIET, _E.STAFF): Move(_P.DISMISSED),
    (_P.QUIET, _E.QUIET_OVER): Move(_P.IDLE),
    (_P.DISMISSED, _E.CLEAR): Move(_P.IDLE),
    (_P.DISMISSED, _E.GIVE_UP): Move(_P.IDLE),
    (_P.DISMISSED, _E.QUIET_OVER): Move(_P.QUIET),  # still seen: an alarm again, but no hold
}
"""(phase, event) to what happens."""

HOLDING: Final = frozenset({Phase.PRE_HOLD, Phase.CONFIRMED})
"""The door is held, and the voice speaks."""

ALARMED: Final = frozenset({Phase.CONFIRMED, Phase.LET_GO, Phase.RIDING})
"""The condition stands."""

KEPT: Final = ALARMED | {Phase.DISMISSED}
"""It was there for certain: behind a door that stays shut it still is, whatever frames show."""

OUTCOMES: Final[Mapping[Outcome, Text]] = {
    Outcome.DISSUADED: Text(zh="劝离", en="Turned back"),
    Outcome.RODE: Text(zh="已随梯上楼", en="Rode along"),
    Outcome.LEFT: Text(zh="自行离开", en="Left"),
    Outcome.BY_STAFF: Text(zh="值班人员处理", en="Handled by staff"),
    Outcome.UNKNOWN: Text(zh="画面中断，结果不明", en="Unknown: the camera went silent"),
}


def move(phase: Phase, event: Event) -> Move:
    """What `event` does; one that the phase does not list does nothing."""
    return TABLE.get((phase, event), Move(phase))

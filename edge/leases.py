"""Who may hold a device, and for how long: one table.

A device is free, held under a lease, being let go, or under its local fire input, which overrides
everything. The table is the whole state machine; what it does not list cannot happen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

RELEASE: Final = "release"
"""The action that returns a device to safe."""


class LeaseState(StrEnum):
    """What the agent knows of one device."""

    FREE = "free"
    HELD = "held"
    RELEASING = "releasing"  # told to let go, not yet confirmed
    FIRE = "fire"


class LeaseEvent(StrEnum):
    """What can happen to it."""

    HOLD = "hold"  # a command that begins a lease
    RENEW = "renew"  # a command that prolongs the lease
    RENEW_OTHER = "renew-other"  # a command that prolongs a lease which is not the current one
    PULSE = "pulse"  # a command whose effect ends by itself
    RELEASE = "release"  # a command that lets go
    LAPSED = "lapsed"  # the lease was not renewed in time
    HOLD_FAILED = "hold-failed"  # the device did not confirm; it may hold all the same
    RELEASED = "released"  # the device confirmed that it let go
    FIRE = "fire"  # the fire input became active
    FIRE_OVER = "fire-over"  # the fire input is no longer active


class Effect(StrEnum):
    """What follows."""

    SEND = "send"  # pass the command on to the device
    GRANT = "grant"  # the command is the device's lease from now on
    PROLONG = "prolong"  # the lease ends later
    LET_GO = "let-go"  # tell the device to release, again and again until it does
    END = "end"  # the lease is over; the hub is told
    REFUSE_FIRE = "refuse-fire"  # not while the fire input is active
    REFUSE_OVER = "refuse-over"  # the lease that it names is over


@dataclass(frozen=True, slots=True)
class Move:
    """The next state and what follows, in order; a device that fails ends the row."""

    state: LeaseState
    effects: tuple[Effect, ...] = ()


_S, _E, _F = LeaseState, LeaseEvent, Effect

TABLE: Final[Mapping[tuple[LeaseState, LeaseEvent], Move]] = {
    (_S.FREE, _E.HOLD): Move(_S.HELD, (_F.GRANT, _F.SEND)),
    (_S.FREE, _E.RENEW_OTHER): Move(_S.FREE, (_F.REFUSE_OVER,)),
    (_S.FREE, _E.PULSE): Move(_S.FREE, (_F.SEND,)),
    (_S.FREE, _E.RELEASE): Move(_S.FREE, (_F.SEND,)),
    (_S.FREE, _E.FIRE): Move(_S.FIRE),
    (_S.FREE, _E.FIRE_OVER): Move(_S.FREE),
    (_S.HELD, _E.HOLD): Move(_S.HELD, (_F.END, _F.GRANT, _F.SEND)),
    (_S.HELD, _E.RENEW): Move(_S.HELD, (_F.SEND, _F.PROLONG)),
    (_S.HELD, _E.RENEW_OTHER): Move(_S.HELD, (_F.REFUSE_OVER,)),
    (_S.HELD, _E.PULSE): Move(_S.HELD, (_F.SEND,)),
    (_S.HELD, _E.RELEASE): Move(_S.RELEASING, (_F.LET_GO,)),
    (_S.HELD, _E.LAPSED): Move(_S.RELEASING, (_F.LET_GO,)),
    (_S.HELD, _E.HOLD_FAILED): Move(_S.RELEASING, (_F.LET_GO,)),
    (_S.HELD, _E.FIRE): Move(_S.FIRE, (_F.END,)),
    (_S.HELD, _E.FIRE_OVER): Move(_S.HELD),
    (_S.RELEASING, _E.HOLD): Move(_S.HELD, (_F.END, _F.GRANT, _F.SEND)),
    (_S.RELEASING, _E.RENEW): Move(_S.RELEASING, (_F.REFUSE_OVER,)),
    (_S.RELEASING, _E.RENEW_OTHER): Move(_S.RELEASING, (_F.REFUSE_OVER,)),
    (_S.RELEASING, _E.PULSE): Move(_S.RELEASING, (_F.SEND,)),
    (_S.RELEASING, _E.RELEASE): Move(_S.RELEASING, (_F.LET_GO,)),
    (_S.RELEASING, _E.RELEASED): Move(_S.FREE, (_F.END,)),
    (_S.RELEASING, _E.FIRE): Move(_S.FIRE, (_F.END,)),
    (_S.RELEASING, _E.FIRE_OVER): Move(_S.RELEASING),
    (_S.FIRE, _E.HOLD): Move(_S.FIRE, (_F.REFUSE_FIRE,)),
    (_S.FIRE, _E.RENEW_OTHER): Move(_S.FIRE, (_F.REFUSE_FIRE,)),
    (_S.FIRE, _E.PULSE): Move(_S.FIRE, (_F.SEND,)),  # opening once more harms nobody
    (_S.FIRE, _E.RELEASE): Move(_S.FIRE, (_F.REFUSE_FIRE,)),
    (_S.FIRE, _E.FIRE): Move(_S.FIRE),
    (_S.FIRE, _E.FIRE_OVER): Move(_S.FREE),
}
"""(state, event) to what happens. Events that arrive too late to matter are not in it."""


def move(state: LeaseState, event: LeaseEvent) -> Move:
    """What `event` does; one that the state does not list came too late, and does nothing."""
    return TABLE.get((state, event), Move(state))

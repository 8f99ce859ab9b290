"""A reader that refuses again and again: someone is trying what they have.

GB 50396-2007 has an access controller alarm after at most five wrong tries in a row; a grant ends
the row. Tries are put in the order of their own time, whatever order they come in.
"""

from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from hub.config.table import Table
from hub.rules.contract import Finding, Reading
from hub.rules.spec import RuleSpec, Subject

DENIED = "door-denied-repeatedly"

_REMEMBERED = 32


class Settings(Table):
    """`configs/rules/door-denied.toml`: `tries` in a row, all within `window_s`.

    quiet_s: it is over when nobody has been refused for this long.
    """

    tries: Annotated[int, Field(ge=2, le=5)] = 5
    window_s: Annotated[float, Field(ge=5, le=3600)] = 120.0
    quiet_s: Annotated[float, Field(ge=5, le=3600)] = 60.0


class Own(Table):
    """Nothing that a site could say of one door."""


@dataclass(frozen=True, slots=True)
class Track:
    """The refusals since the last grant, in the order of their time, ms.

    active: the row is alarmed.
    """

    granted_at: int | None = None
    refused: tuple[int, ...] = ()
    active: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """What is going on, and what went on while nobody could hear it."""

    live: Track = Track()
    late: Track = Track()


@dataclass(frozen=True, slots=True)
class DeniedRule:
    """Bound to one door; times in ms."""

    device: str
    tries: int
    window: int
    quiet: int

    @property
    def id(self) -> str:
        """See `Rule`."""
        return "door-denied"

    @property
    def state_type(self) -> type[State]:
        """See `Rule`."""
        return State

    def initial(self) -> State:
        """See `Rule`."""
        return State()

    def step(
        self,
        state: State,
        reading: Reading,
        now: int,  # noqa: ARG002 - the contract's
    ) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`."""
        event = reading.signals.get("event")
        if event not in {"granted", "denied"}:
            return state, ()
        at = min(reading.at, reading.received)
        track = state.late if reading.late else state.live
        track, over = self._calmed(track, at)
        track, found = self._granted(track, at) if event == "granted" else self._refused(track, at)
        marked = tuple(replace(one, late=reading.late) for one in (*over, *found))
        if reading.late:
            return replace(state, late=track), marked
        return replace(state, live=track), marked

    def tick(self, state: State, now: int) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`."""
        live, findings = self._calmed(state.live, now)
        return (replace(state, live=live) if findings else state), findings

    def due(self, state: State) -> int | None:
        """See `Rule`."""
        live = state.live
        return live.refused[-1] + self.quiet if live.active and live.refused else None

    def _granted(self, track: Track, at: int) -> tuple[Track, tuple[Finding, ...]]:
        """What was refused before a grant no longer counts, even if it is told later."""
        if track.granted_at is not None and at <= track.granted_at:
            return track, ()
        left = tuple(one for one in track.refused if one > at)
        active = track.active and self._began(left) is not None
        over = Finding(DENIED, self.device, active=False, at=at)
        return Track(at, left, active), ((over,) if track.active and not active else ())

    def _refused(self, track: Track, at: int) -> tuple[Track, tuple[Finding, ...]]:
        if track.granted_at is not None and at <= track.granted_at:
            return track, ()
        refused = tuple(sorted((*track.refused, at)))[-_REMEMBERED:]
        began = self._began(refused)
        if began is None:
            return replace(track, refused=refused), ()
        detail = {"tries": len(refused)}
        found = Finding(DENIED, self.device, active=True, at=refused[began], detail=detail)
        return Track(track.granted_at, refused, active=True), (found,)

    def _began(self, refused: tuple[int, ...]) -> int | None:
        """The place of the first try that made the row too long."""
        ends = range(self.tries - 1, len(refused))
        return next(
            (end for end in ends if refused[end] - refused[end - self.tries + 1] <= self.window),
            None,
        )

    def _calmed(self, track: Track, at: int) -> tuple[Track, tuple[Finding, ...]]:
        if not track.active or not track.refused or at - track.refused[-1] < self.quiet:
            return track, ()
        over = Finding(DENIED, self.device, active=False, at=track.refused[-1] + self.quiet)
        return Track(track.granted_at), (over,)


def _bind(subject: Subject[Settings, Own]) -> DeniedRule:
    settings = subject.settings
    return DeniedRule(
        subject.id,
        settings.tries,
        round(settings.window_s * 1000),
        round(settings.quiet_s * 1000),
    )


RULE = RuleSpec(
    id="door-denied",
    subject="device",
    conditions=(DENIED,),
    settings=Settings,
    own=Own,
    bind=_bind,
)

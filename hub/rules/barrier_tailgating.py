"""Tail-gating: a second vehicle goes through a barrier on the first one's permit.

Each permit (a reading that the list allows, an opening from afar or from the booth) lets one
vehicle pass; the loop under the arm counts them. What is not counted: an arm that is held up by
order, by a fire or by damage, and an opening whose beginning was not heard.
"""

from dataclasses import dataclass, field, replace
from typing import Annotated

from pydantic import Field

from hub.config.table import Table
from hub.rules.contract import Finding, Reading
from hub.rules.spec import RuleSpec, Subject
from hub.rules.spell import Spell
from hub.rules.timed import earliest
from wire.command import MAX_LEASE_S

TAILGATING = "tailgating"

_REMEMBERED = 16
_LEASE_MS = round(MAX_LEASE_S * 1000)


class Settings(Table):
    """`configs/rules/barrier-tailgating.toml`.

    permit_s: a permit is good for so long. order_s: it may be stamped this much later than the
    passing. settle_s: how long a passing waits for a permit on its way. quiet_s: the alarm is
    over so long after the last vehicle that slipped through.
    """

    permit_s: Annotated[float, Field(gt=0, le=600)] = 60.0
    order_s: Annotated[float, Field(ge=0, le=5)] = 1.0
    settle_s: Annotated[float, Field(ge=0, le=10)] = 0.5
    quiet_s: Annotated[float, Field(ge=1, le=600)] = 10.0


class Own(Table):
    """Nothing that a site could say of one barrier."""


@dataclass(frozen=True, slots=True)
class Pass:
    """A vehicle that went through. wait_from: hub time from which it waits for its permit."""

    at: int
    wait_from: int


@dataclass(frozen=True, slots=True)
class Track:
    """One stream of reports, the live or the late one. Times are ms.

    up_since: when the present opening began, if that was heard. permits: not used yet.
    passed: vehicles of this opening. hold_until: every vehicle may pass until then.
    """

    up_since: int | None = None
    permits: tuple[int, ...] = ()
    pending: tuple[Pass, ...] = ()
    passed: int = 0
    hold_until: int = 0
    fire: bool = False
    spell: Spell = field(default_factory=Spell)


@dataclass(frozen=True, slots=True)
class State:
    """What is going on, and what went on while nobody could hear it."""

    live: Track = Track()
    late: Track = Track()


@dataclass(frozen=True, slots=True)
class TailgatingRule:
    """Bound to one barrier; times in ms."""

    device: str
    permit: int
    order: int
    settle: int
    quiet: int

    @property
    def id(self) -> str:
        """See `Rule`."""
        return "barrier-tailgating"

    @property
    def state_type(self) -> type[State]:
        """See `Rule`."""
        return State

    def initial(self) -> State:
        """See `Rule`."""
        return State()

    def step(self, state: State, reading: Reading, now: int) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`."""
        at = min(reading.at, reading.received)
        found: list[Finding] = []
        track = self._calmed(state.late if reading.late else state.live, at, found)
        track = self._read(track, reading, at, now, found)
        if reading.late:
            marked = tuple(replace(one, late=True) for one in found)
            return replace(state, late=track), marked
        return replace(state, live=track), tuple(found)

    def tick(self, state: State, now: int) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`."""
        due = self.due(state)
        if due is None or now < due:
            return state, ()
        live: list[Finding] = []
        late: list[Finding] = []
        track = self._calmed(self._judged(state.live, now, live), now, live)
        other = self._calmed(self._judged(state.late, now, late), now, late)
        found = (*live, *(replace(one, late=True) for one in late))
        return State(track, other), found

    def due(self, state: State) -> int | None:
        """See `Rule`."""
        tracks = (state.live, state.late)
        waits = (one.wait_from + self.settle for track in tracks for one in track.pending)
        return earliest(*waits, *(track.spell.ends_at(self.quiet) for track in tracks))

    def _read(self, track: Track, reading: Reading, at: int, now: int, out: list[Finding]) -> Track:
        event, fire = reading.signals.get("event"), reading.signals.get("fire")
        if isinstance(fire, bool):
            track = replace(track, fire=fire)
        if event == "opened" and track.up_since is None:
            return replace(track, up_since=at, passed=0)
        if event == "passed" and track.up_since is not None and at >= track.up_since:
            pending = (*track.pending, Pass(at, now))[-_REMEMBERED:]
            return replace(track, pending=pending)
        if event in {"held", "released"}:
            # What has passed until now did so under the order as it stood.
            track = self._judged(track, None, out)
            return replace(track, hold_until=at + _LEASE_MS if event == "held" else at)
        if _permits(reading):
            return replace(track, permits=(*track.permits, at)[-_REMEMBERED:])
        # A state report before the arm was raised ends nothing: its permit has yet to be used.
        down = track.up_since is not None and reading.signals.get("arm") in {"closed", "broken"}
        return self._ended(track, at, out) if down or event in {"closed", "struck"} else track

    def _ended(self, track: Track, at: int, out: list[Finding]) -> Track:
        """The opening is over: all that belongs to it has been told, and unused permits lapse."""
        if track.up_since is not None and at < track.up_since:
            return track
        track = self._judged(track, None, out)
        left = tuple(one for one in track.permits if one > at)
        return replace(track, up_since=None, permits=left, passed=0)

    def _judged(self, track: Track, now: int | None, out: list[Finding]) -> Track:
        """Match the vehicles that have waited long enough (None: all) with permits."""
        for one in track.pending:
            if now is not None and now < one.wait_from + self.settle:
                break
            track = self._matched(replace(track, pending=track.pending[1:]), one.at, out)
        return track

    def _matched(self, track: Track, at: int, out: list[Finding]) -> Track:
        track = replace(track, passed=track.passed + 1)
        good = [one for one in track.permits if -self.order <= at - one <= self.permit]
        if good:
            left = list(track.permits)
            left.remove(good[0])
            return replace(track, permits=tuple(left))
        if track.fire or at < track.hold_until:
            return track
        detail = {"vehicles": track.passed, "slipped": track.spell.count + 1}
        out.append(Finding(TAILGATING, self.device, active=True, at=at, detail=detail))
        return replace(track, spell=track.spell.again(at))

    def _calmed(self, track: Track, now: int, out: list[Finding]) -> Track:
        end = track.spell.ends_at(self.quiet)
        if end is None or now < end:
            return track
        out.append(Finding(TAILGATING, self.device, active=False, at=end))
        return replace(track, spell=Spell())


def _permits(reading: Reading) -> bool:
    event = reading.signals.get("event")
    if event == "seen":
        return reading.signals.get("result") == "allowed"
    return event in {"remote-open", "manual-open"}


def _bind(subject: Subject[Settings, Own]) -> TailgatingRule:
    own = subject.settings
    return TailgatingRule(
        subject.id,
        permit=round(own.permit_s * 1000),
        order=round(own.order_s * 1000),
        settle=round(own.settle_s * 1000),
        quiet=round(own.quiet_s * 1000),
    )


RULE = RuleSpec(
    id="barrier-tailgating",
    subject="device",
    conditions=(TAILGATING,),
    settings=Settings,
    own=Own,
    bind=_bind,
)

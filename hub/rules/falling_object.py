"""Things that fall, or drift down, from a building: one alarm for each.

A track is judged whenever more of it is told, so that the alarm does not wait for the ground; its
floor and its way are made better until it has ended.
"""

from dataclasses import dataclass, replace
from typing import Annotated, Any, Final

from pydantic import Field, ValidationError

from hub.config import Device, Site
from hub.config.table import Table
from hub.rules.contract import Finding, Reading
from hub.rules.facade.detail import detail_of
from hub.rules.facade.following import (
    KEEP_MS,
    LOST_MS,
    Seen,
    Told,
    belongs,
    heard,
    judged,
    remembered,
    taken,
)
from hub.rules.facade.judge import Label
from hub.rules.facade.site import FacadeSite
from hub.rules.spec import RuleSpec, Subject
from hub.rules.timed import earliest
from wire.tracks import TRACK, Track, TrackReport

FALLING: Final = "falling-object"
DRIFTING: Final = "drifting-object"

CONDITIONS: Final = {Label.FALLING: FALLING, Label.DRIFTING: DRIFTING}


class Settings(Table):
    """`configs/rules/falling-object.toml`.

    tellings, drift_tellings: a track that still grows has to be judged so in so many of its
        tellings, one after another; one that has ended, once.
    settle_s: an alarm is over this long after its track has ended.
    late_s: what began longer ago than this makes no sound.
    """

    tellings: Annotated[int, Field(ge=1, le=20)] = 2
    drift_tellings: Annotated[int, Field(ge=1, le=40)] = 3
    settle_s: Annotated[float, Field(ge=0, le=3)] = 1.5
    late_s: Annotated[float, Field(gt=0, le=3600)] = 60.0


class Own(Table):
    """What a site file says of one facade camera: see `FacadeSite`. Without it, fall is suspected.

    Floors are as high as the building's unless the facade says otherwise.
    """

    facade: FacadeSite | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """What was found.

    at, until: event time, ms. heard: of its track, hub clock, ms. told: the figures that a new
    finding is worth, once they differ.
    """

    condition: str
    stream: str
    track: Track
    at: int
    until: int
    heard: int
    ended: bool
    late: bool
    told: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class State:
    """told: tracks that grow, or ended a moment ago. alarms: likewise."""

    told: tuple[Told, ...] = ()
    alarms: tuple[Alarm, ...] = ()


@dataclass(frozen=True, slots=True)
class FallingObjectRule:
    """Bound to one camera. floors: of the building that it looks at."""

    device: str
    facade: FacadeSite | None
    floors: int | None
    needs: Settings

    @property
    def id(self) -> str:
        """See `Rule`."""
        return "falling-object"

    @property
    def state_type(self) -> type[State]:
        """See `Rule`."""
        return State

    def initial(self) -> State:
        """See `Rule`."""
        return State()

    def step(self, state: State, reading: Reading, now: int) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`."""
        text = reading.signals.get(TRACK)
        if not isinstance(text, str):
            return state, ()
        try:
            report = TrackReport.model_validate_json(text)
        except ValidationError:
            return state, ()
        known = remembered(state.told, now)
        newest = heard(known, report, at=reading.at, now=now, late=reading.late)
        return self._judged(replace(state, told=taken(known, newest)), newest, now)

    def tick(self, state: State, now: int) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`."""
        due = self.due(state)
        if due is None or now < due:
            return state, ()
        state = replace(state, told=remembered(state.told, now))
        state, found = self._judged(state, None, now)
        alarms = tuple(one for one in state.alarms if one.active or now - one.heard < KEEP_MS)
        return replace(state, alarms=alarms), found

    def due(self, state: State) -> int | None:
        """See `Rule`."""
        ends = [self._over_at(one) for one in state.alarms if one.active]
        lost = [one.heard + LOST_MS for one in state.told if not one.final and one.good]
        gone = [one.heard + KEEP_MS for one in state.told]
        gone += [one.heard + KEEP_MS for one in state.alarms if not one.active]
        return earliest(*ends, *lost, *gone)

    def _over_at(self, alarm: Alarm) -> int:
        wait = 0 if alarm.ended else LOST_MS
        return alarm.heard + wait + round(self.needs.settle_s * 1000)

    def _judged(
        self, state: State, newest: Told | None, now: int
    ) -> tuple[State, tuple[Finding, ...]]:
        told, seen = judged(state.told, self.facade, newest)
        state = replace(state, told=told)
        found: list[Finding] = []
        for one in seen:
            known = next((a for a in state.alarms if self._is(a, one)), None)
            if known is not None:
                state = self._told_more(state, known, one, found)
            elif one.ended or one.by.good >= self._tellings(one):
                state = self._raised(state, one, now, found)
        return self._ended(state, now, found), tuple(found)

    def _is(self, alarm: Alarm, seen: Seen) -> bool:
        return alarm.stream == seen.by.stream and belongs(seen.event, alarm.track)

    def _tellings(self, seen: Seen) -> int:
        falling = seen.event.verdict.label is Label.FALLING
        return self.needs.tellings if falling else self.needs.drift_tellings

    def _raised(self, state: State, seen: Seen, now: int, out: list[Finding]) -> State:
        """A new alarm. One of the same condition that is still there is over the moment before."""
        label = seen.event.verdict.label
        condition = CONDITIONS[label or Label.DRIFTING]
        at = min(now, _moment(seen, seen.event.verdict.start_s))
        late = seen.by.late or now - at > self.needs.late_s * 1000
        alarms = []
        for one in state.alarms:
            if (one.condition, one.late) == (condition, late) and one.until >= at:
                until = max(one.at, min(one.until, at - 1))
                at = max(at, until + 1)
                alarms.append(self._over(replace(one, until=until), out))
            else:
                alarms.append(one)
        alarm = Alarm(
            condition,
            seen.by.stream,
            seen.event.track,
            at,
            max(at, _moment(seen, seen.event.verdict.end_s)),
            seen.by.heard,
            seen.ended,
            late,
            self._figures(seen),
        )
        out.append(self._finding(alarm, seen))
        return replace(state, alarms=(*alarms, alarm))

    def _told_more(self, state: State, known: Alarm, seen: Seen, out: list[Finding]) -> State:
        if not known.active:  # its image, or a last piece: there is nothing more to tell
            return state
        alarm = replace(
            known,
            track=seen.event.track,
            until=max(known.until, _moment(seen, seen.event.verdict.end_s)),
            heard=max(known.heard, seen.by.heard),
            ended=seen.ended,
            told=self._figures(seen),
        )
        if alarm.told != known.told:
            out.append(self._finding(alarm, seen))
        return replace(state, alarms=tuple(alarm if a is known else a for a in state.alarms))

    def _ended(self, state: State, now: int, out: list[Finding]) -> State:
        alarms = tuple(
            self._over(one, out) if one.active and now >= self._over_at(one) else one
            for one in state.alarms
        )
        return replace(state, alarms=alarms)

    def _over(self, alarm: Alarm, out: list[Finding]) -> Alarm:
        if not alarm.active:
            return alarm
        out.append(
            Finding(alarm.condition, self.device, active=False, at=alarm.until, late=alarm.late)
        )
        return replace(alarm, active=False)

    def _finding(self, alarm: Alarm, seen: Seen) -> Finding:
        detail = detail_of(seen.event, floors=self.floors)
        return Finding(
            alarm.condition, self.device, active=True, at=alarm.at, detail=detail, late=alarm.late
        )

    def _figures(self, seen: Seen) -> str:
        """What makes a new telling worth an alert's new version: not every point."""
        of: dict[str, Any] = detail_of(seen.event, floors=self.floors)
        worth = ("verdict", "floor", "column", "images")
        return "|".join([*(str(of[name]) for name in worth), "ended" if seen.ended else "grows"])


def _moment(seen: Seen, at_s: float) -> int:
    return seen.by.zero + round(at_s * 1000)


def _bind(subject: Subject[Settings, Own]) -> FallingObjectRule:
    facade = subject.own.facade
    building = _building(subject.site, subject.device)
    if facade is not None and building is not None:
        own = "floor_height_m" in facade.model_fields_set
        if not own:
            facade = facade.model_copy(update={"floor_height_m": building[1]})
    floors = None if building is None else building[0]
    return FallingObjectRule(subject.id, facade, floors, subject.settings)


def _building(site: Site, device: Device | None) -> tuple[int, float] | None:
    found = next((b for b in site.buildings if device and b.id == device.building), None)
    return None if found is None else (found.floors, found.floor_height_m)


RULE = RuleSpec(
    id="falling-object",
    subject="device",
    conditions=(FALLING, DRIFTING),
    settings=Settings,
    own=Own,
    bind=_bind,
)

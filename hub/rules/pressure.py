"""Water pressure: below what the highest hydrant needs, above what the lowest stands, or falling.

A reading without a pressure, or with one that the sensor cannot measure, says nothing and changes
nothing. Readings out of order are judged up to the newest; an older one is left out.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Final

from pydantic import Field

from hub.rules.contract import Finding, Reading
from hub.rules.falling import Sample, drop, taken
from hub.rules.head import LimitTable, Placement, class_of, limits_at
from hub.rules.spec import Limits, RuleSpec, Subject
from hub.rules.timed import Delays, Timed, earliest

LOW, HIGH, FALLING = "pressure-low", "pressure-high", "pressure-falling-fast"

LATE_GAP_MS = 600_000
"""Late readings further apart than this belong to different outages."""

_NUMBERS: Final = (int, float)

Seconds = Annotated[float, Field(ge=0, le=3600)]


class Settings(LimitTable):
    """`configs/rules/pressure.toml`.

    on_delay_s, off_delay_s: how long it has to stay beyond a limit, or back within it. How far it
    has to come back is the alarms' own dead band, in `configs/alarms`. Falling fast: at least
    `fall_mpa` within `fall_window_s`; over when it has not been so for `fall_hold_s`.
    """

    on_delay_s: Seconds = 1.0
    off_delay_s: Seconds = 5.0
    fall_mpa: Annotated[float, Field(gt=0, le=6)] = 0.05
    fall_window_s: Annotated[float, Field(ge=1, le=600)] = 10.0
    fall_hold_s: Seconds = 30.0


@dataclass(slots=True)  # nobody changes one, but freezing what each reading makes costs a tenth
class Track:
    """One stream of readings in order; `newest` and `value` are the last of them."""

    newest: int | None = None
    value: float | None = None
    low: Timed = field(default_factory=Timed)
    high: Timed = field(default_factory=Timed)
    falling: Timed = field(default_factory=Timed)
    samples: tuple[Sample, ...] = ()


@dataclass(slots=True)
class State:
    """What is going on, and what went on while nobody could hear it."""

    live: Track = field(default_factory=Track)
    late: Track = field(default_factory=Track)


@dataclass(frozen=True, slots=True)
class PressureRule:
    """Bound to one sensor.

    reach: what it can measure at all, MPa. delays: of the limits. fall_delays: of the fall.
    window: in which a fall is looked for, ms. dead_bands: by condition, MPa.
    """

    device: str
    limits: Limits
    reach: Limits
    settings: Settings
    delays: Delays
    fall_delays: Delays
    window: int
    dead_bands: Mapping[str, float] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """See `Rule`."""
        return "pressure"

    @property
    def state_type(self) -> type[State]:
        """See `Rule`."""
        return State

    def initial(self) -> State:
        """See `Rule`."""
        return State()

    def step(self, state: State, reading: Reading, now: int) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`."""
        value = self._value(reading)
        if value is None:
            return state, ()
        at = min(reading.at, reading.received)
        track = state.late if reading.late else state.live
        if track.newest is not None and reading.late and at - track.newest > LATE_GAP_MS:
            track = Track()
        if track.newest is not None and at <= track.newest:
            return state, ()
        stepped = self._stepped(track, value, at, now)
        same = (
            stepped.low is track.low
            and stepped.high is track.high
            and stepped.falling is track.falling
        )
        findings = () if same else tuple(self._changes(track, stepped, at, late=reading.late))
        if reading.late:
            return State(state.live, stepped), findings
        return State(stepped, state.late), findings

    def tick(self, state: State, now: int) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`."""
        live = state.live
        lapsed = replace(
            live,
            low=live.low.lapsed(now, self.delays),
            high=live.high.lapsed(now, self.delays),
            falling=live.falling.lapsed(now, self.fall_delays),
        )
        if lapsed == live:
            return state, ()
        return replace(state, live=lapsed), tuple(self._changes(live, lapsed, now, late=False))

    def due(self, state: State) -> int | None:
        """See `Rule`."""
        live = state.live
        return earliest(
            live.low.due(self.delays),
            live.high.due(self.delays),
            live.falling.due(self.fall_delays),
        )

    def _value(self, reading: Reading) -> float | None:
        value = reading.signals.get("pressure")
        if not isinstance(value, _NUMBERS) or isinstance(value, bool):
            return None
        if not -math.inf < value < math.inf:
            return None
        low, high = self.reach.low, self.reach.high
        if (low is not None and value < low) or (high is not None and value > high):
            return None
        return float(value)

    def _stepped(self, track: Track, value: float, at: int, now: int) -> Track:
        low_limit, high_limit = self.limits.low, self.limits.high
        over_low = self.dead_bands.get(LOW, 0.0) if track.low.active else 0.0
        under_high = self.dead_bands.get(HIGH, 0.0) if track.high.active else 0.0
        is_low = low_limit is not None and value < low_limit + over_low
        is_high = high_limit is not None and value > high_limit - under_high
        low, high, falling = track.low, track.high, track.falling
        if not low.settled(met=is_low):
            low = low.seen(met=is_low, at=at, received=now, delays=self.delays)
        if not high.settled(met=is_high):
            high = high.seen(met=is_high, at=at, received=now, delays=self.delays)
        samples = taken(track.samples, (at, round(value, 4)), self.window)
        if samples is not track.samples or falling.since is not None:
            fell = drop(samples)
            falls = fell is not None and fell >= self.settings.fall_mpa
            falling = falling.seen(met=falls, at=at, received=now, delays=self.fall_delays)
        return Track(at, value, low, high, falling, samples)

    def _changes(self, before: Track, after: Track, at: int, *, late: bool) -> Iterator[Finding]:
        """A finding for each condition that turned; it began when the readings first said so."""
        pairs = (
            (LOW, before.low, after.low),
            (HIGH, before.high, after.high),
            (FALLING, before.falling, after.falling),
        )
        for condition, old, new in pairs:
            if old.active != new.active:
                since = at if old.since is None else old.since
                detail = self._detail(condition, after)
                yield Finding(condition, self.device, new.active, since, detail, late)

    def _detail(self, condition: str, track: Track) -> dict[str, Any]:
        value = None if track.value is None else round(track.value, 4)
        detail: dict[str, Any] = {"value": value, "unit": "MPa"}
        if condition == FALLING:
            fell = drop(track.samples)
            detail["fell"] = None if fell is None else round(fell, 4)
            detail["within_s"] = self.settings.fall_window_s
        else:
            detail["limit"] = self.limits.low if condition == LOW else self.limits.high
        return detail


def _limits(subject: Subject[Settings, Placement]) -> Limits:
    own = "" if subject.device is None else subject.site.class_of(subject.device)
    building_class = class_of(subject.site, subject.own, own)
    return limits_at(subject.own, building_class, subject.settings)


def _bind(subject: Subject[Settings, Placement]) -> PressureRule:
    spec = None if subject.kind is None else subject.kind.signal("pressure")
    reach = Limits() if spec is None else Limits(spec.low, spec.high)
    settings = subject.settings
    return PressureRule(
        subject.id,
        _limits(subject),
        reach,
        settings,
        delays=Delays.of(settings.on_delay_s, settings.off_delay_s),
        fall_delays=Delays.of(0.0, settings.fall_hold_s),
        window=round(settings.fall_window_s * 1000),
        dead_bands=subject.dead_bands,
    )


def _chart(subject: Subject[Settings, Placement]) -> dict[str, Limits]:
    return {"pressure": _limits(subject)}


RULE = RuleSpec(
    id="pressure",
    subject="device",
    conditions=(LOW, HIGH, FALLING),
    settings=Settings,
    own=Placement,
    bind=_bind,
    limits=_chart,
    banded=(LOW, HIGH),
)

"""A plate that comes in twice without going out, or goes out twice without coming in.

A copied plate looks so, and so does a car that left by a barrier that did not read it. One state
for all barriers of a site: a car comes in by one and leaves by another. What is doubtful (see
`barrier-plate`) is left out, and a plate that was never seen before proves nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import Field

from hub.config.table import Table
from hub.rules.contract import Finding, Reading
from hub.rules.spec import RuleSpec, Subject

IN_AGAIN, OUT_AGAIN = "in-without-out", "out-without-in"

_CONDITIONS: Mapping[str, str] = {"in": IN_AGAIN, "out": OUT_AGAIN}
_DIGITS = 16
"""Hex digits kept of a plate's keyed hash: 64 bits tell the plates of a site apart."""

_DAY_MS = 86_400_000


class Settings(Table):
    """`configs/rules/barrier-visits.toml`.

    remember: plates kept; the one that was not seen for longest goes first. remember_days: an
    older passing proves nothing. repeat_s: the same way again so soon is the same visit.
    quiet_s: how long the alarm stands.
    """

    remember: Annotated[int, Field(ge=10, le=5000)] = 1500
    remember_days: Annotated[float, Field(gt=0, le=90)] = 14.0
    repeat_s: Annotated[float, Field(ge=0, le=3600)] = 120.0
    quiet_s: Annotated[float, Field(ge=1, le=3600)] = 60.0


class Own(Table):
    """What the site file says of one barrier: which way cars pass it, if it does not say itself."""

    way: Literal["in", "out"] | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """The last known passing of one plate. at: ms. way: `in` or `out`."""

    plate: str
    at: int
    way: str


@dataclass(frozen=True, slots=True)
class Standing:
    """An alarm that has not ended. late: it was found in late data."""

    condition: str
    device: str
    at: int
    late: bool


@dataclass(frozen=True, slots=True)
class State:
    """visits: those that were noted last come last."""

    visits: tuple[Visit, ...] = ()
    standing: tuple[Standing, ...] = ()


@dataclass(frozen=True, slots=True)
class VisitsRule:
    """Bound to one site; times in ms. ways: by barrier, where the site file says."""

    ways: Mapping[str, Any]
    remember: int
    forget: int
    repeat: int
    quiet: int

    @property
    def id(self) -> str:
        """See `Rule`."""
        return "barrier-visits"

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
        visit = _visit(reading, self.ways.get(reading.device))
        if visit is None:
            return state, ()
        before = next((one for one in state.visits if one.plate == visit.plate), None)
        if before is not None and visit.at <= before.at:
            return state, ()
        others = tuple(one for one in state.visits if one is not before)
        noted = replace(state, visits=(*others, visit)[-self.remember :])
        if before is None or not self._contradicts(before, visit):
            return noted, ()
        return self._alarmed(noted, reading, before, visit)

    def tick(self, state: State, now: int) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`."""
        over = tuple(one for one in state.standing if now >= one.at + self.quiet)
        if not over:
            return state, ()
        left = tuple(one for one in state.standing if one not in over)
        return replace(state, standing=left), tuple(
            Finding(one.condition, one.device, active=False, at=one.at + self.quiet, late=one.late)
            for one in over
        )

    def due(self, state: State) -> int | None:
        """See `Rule`."""
        return min((one.at + self.quiet for one in state.standing), default=None)

    def _contradicts(self, before: Visit, visit: Visit) -> bool:
        gap = visit.at - before.at
        return before.way == visit.way and self.repeat <= gap <= self.forget

    def _alarmed(
        self, state: State, reading: Reading, before: Visit, visit: Visit
    ) -> tuple[State, tuple[Finding, ...]]:
        condition, late = _CONDITIONS[visit.way], reading.late
        mine = (condition, reading.device, late)
        others = [one for one in state.standing if (one.condition, one.device, one.late) != mine]
        standing = (*others, Standing(condition, reading.device, visit.at, late))
        detail = {"previous_at": before.at}
        found = Finding(
            condition, reading.device, active=True, at=visit.at, detail=detail, late=late
        )
        return replace(state, standing=standing), (found,)


def _visit(reading: Reading, usual_way: str | None) -> Visit | None:
    """The passing in a reading, if plate and way are beyond doubt."""
    signals = reading.signals
    plate, way = signals.get("plate"), signals.get("direction", usual_way)
    if signals.get("event") != "passed" or signals.get("plate_grammar") != "ok":
        return None
    if not isinstance(plate, str) or way not in _CONDITIONS:
        return None
    return Visit(plate[:_DIGITS], min(reading.at, reading.received), str(way))


def _bind(subject: Subject[Settings, Own]) -> VisitsRule:
    own = subject.settings
    ways = {
        one.id: one.settings["way"] for _, one in subject.site.devices() if "way" in one.settings
    }
    return VisitsRule(
        ways=ways,
        remember=own.remember,
        forget=round(own.remember_days * _DAY_MS),
        repeat=round(own.repeat_s * 1000),
        quiet=round(own.quiet_s * 1000),
    )


RULE = RuleSpec(
    id="barrier-visits",
    subject="site",
    conditions=(IN_AGAIN, OUT_AGAIN),
    settings=Settings,
    own=Own,
    bind=_bind,
)

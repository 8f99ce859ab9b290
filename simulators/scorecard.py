"""Compares what was true with what the hub said. Pure.

**Observations.** Generated is what devices handed over: every record that a gate or barrier wrote,
and every answered read of a sensor's register (a transmitter has no other moment at which it
hands anything over). Controllers' records are matched one by one, by their `record_id`; a sensor's
readings by number, because telemetry is stored without ids of the devices' own. Lost is generated
minus stored minus declared drops, never below zero in either family.

**Holds.** An elevator's door may be held for nothing for a moment, while that is not yet known; it
must not stay held, nor be held longer than any lease allows.

**Events.** Which alert answers which truth: see `simulators.matching`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NotRequired, TypedDict

from simulators.ledger import Hold, Truth
from simulators.matching import (
    CAMERA_KINDS,
    CAMERA_TOLERANCE_S,
    SILENCE,
    TOLERANCE_S,
    Match,
    Seen,
    matched,
)
from wire.command import MAX_LEASE_S

SCORED = (
    "pressure-low",
    "door-forced",
    "door-held-open",
    "barrier-struck",
    "tailgating",
    "camera-blind",
    "camera-moved",
    "ebike-in-elevator",
    "falling-object",
    "drifting-object",
)
CAMERA_LIMIT_S = CAMERA_TOLERANCE_S
"""A camera that stands still has to do so for a while before that is remarkable."""

SILENCE_LIMIT_S = 30.0
"""From the moment that a device's patience is over to the alert; it said its last word before."""

P99_LIMIT_S = 2.0
"""Door alarm to the control room: at most 2 s (GB 50396-2007, 5.1.2 to 5.1.5)."""

VISION_LIMIT_S = 3.0
"""From an e-bike that stands in the cabin, or something that has left a window, to the alert.

What drifts down counts from two floors lower: before that it could hang or fly.
"""

HOLD_SLACK_S = 2.0
"""What an agent may take to open a contact once its longest lease is over."""

BIKE_STAYS_S = 25.0
"""A bike is taken to be about for this long after it came in."""

_VISION_KINDS = frozenset({"ebike-in-elevator", "falling-object", "drifting-object"})


def limit_s(kind: str) -> float:
    """The most that the alert of an event of this kind may take, real seconds."""
    if kind in _VISION_KINDS:
        return VISION_LIMIT_S
    if kind == SILENCE:
        return SILENCE_LIMIT_S
    return CAMERA_LIMIT_S if kind in CAMERA_KINDS else P99_LIMIT_S


@dataclass(frozen=True, slots=True)
class Stored:
    """What the hub says it has, for this run.

    total: observations stored. records: by device, the record ids stored, one entry per row.
    dropped: observations that agents declared as dropped, by lane.
    """

    total: int
    records: Mapping[str, Sequence[str]]
    dropped: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """What was run. expected: the least number of truths by kind, below which the run is void."""

    scenario: str
    seed: int
    wall_s: float
    sim_s: float
    nothing_may_alarm: bool = False
    expected: Mapping[str, int] = field(default_factory=dict)


class Observations(TypedDict):
    """The report's figures on observations."""

    generated: int
    stored: int
    lost: int
    duplicated: int
    dropped: dict[str, int]


class Latency(TypedDict):
    """Seconds; None when nothing was detected."""

    p50: float | None
    p99: float | None
    max: float | None


class Event(TypedDict):
    """The report's figures on one kind of event."""

    kind: str
    truth: int
    detected: int
    missed: int
    false: int
    latency_s: Latency


class Holds(TypedDict):
    """The report's figures on doors that were held, by the contacts' own ledger.

    for_nothing: with no e-bike there. longest_s: of all, in simulated time; longest_for_nothing_s:
        of those. open: not let go at the end.
    """

    count: int
    for_nothing: int
    open: int
    longest_s: float
    longest_for_nothing_s: float


class Report(TypedDict):
    """The scorecard's report, as JSON. holds: where any door was held."""

    scenario: str
    seed: int
    wall_s: float
    sim_s: float
    passed: bool
    observations: Observations
    events: list[Event]
    holds: NotRequired[Holds]


def score(
    run: Run,
    *,
    truths: Sequence[Truth],
    seen: Sequence[Seen],
    records: Mapping[str, Sequence[str]],
    answered: int,
    stored: Stored,
    holds: Sequence[Hold] = (),
) -> Report:
    """The report on a run.

    records: the record ids that each gate wrote. answered: sensor readings handed over.
    holds: of elevator doors.
    """
    events = [
        _event(kind, truths, seen) for kind in kinds(truths, seen, every=run.nothing_may_alarm)
    ]
    observations = _observations(records, answered, stored)
    held = _holds(holds, truths)
    report: Report = {
        "scenario": run.scenario,
        "seed": run.seed,
        "wall_s": round(run.wall_s, 3),
        "sim_s": round(run.sim_s, 3),
        "passed": _passed(run, observations, events) and _let_go(held),
        "observations": observations,
        "events": events,
    }
    if holds:
        report["holds"] = held
    return report


def kinds(truths: Sequence[Truth], seen: Sequence[Seen], *, every: bool) -> tuple[str, ...]:
    """What is judged: always the same, and what else became true. every: what alarmed, too."""
    others = {one.kind for one in truths}
    if every:
        others |= {one.condition for one in seen}
    return (*SCORED, *sorted(others - set(SCORED)))


def _passed(run: Run, observations: Observations, events: Iterable[Event]) -> bool:
    if observations["generated"] == 0 or observations["lost"] or observations["duplicated"]:
        return False
    for event in events:
        p99 = event["latency_s"]["p99"]
        if event["missed"] or event["false"] or (p99 is not None and p99 > limit_s(event["kind"])):
            return False
        if event["truth"] < run.expected.get(event["kind"], 0):
            return False
        if run.nothing_may_alarm and event["truth"]:
            return False
    return True


def _let_go(held: Holds) -> bool:
    return not held["open"] and held["longest_s"] <= MAX_LEASE_S + HOLD_SLACK_S


def _holds(holds: Sequence[Hold], truths: Sequence[Truth]) -> Holds:
    bikes = [one for one in truths if one.kind == "ebike-in-elevator"]
    ended = [(one, one.until) for one in holds if one.until is not None]
    lengths = {one: (until - one.at) / 1000 for one, until in ended}
    idle = [one for one in lengths if not any(_is_of(one, bike) for bike in bikes)]
    return {
        "count": len(holds),
        "for_nothing": len(idle),
        "open": len(holds) - len(ended),
        "longest_s": round(max(lengths.values(), default=0.0), 1),
        "longest_for_nothing_s": round(max((lengths[one] for one in idle), default=0.0), 1),
    }


def _is_of(hold: Hold, bike: Truth) -> bool:
    """Whether it began while that bike may have been before, in or leaving the car."""
    near = -TOLERANCE_S <= (hold.at - bike.at) / 1000 <= BIKE_STAYS_S
    return hold.device == bike.device and near


def _observations(
    records: Mapping[str, Sequence[str]], answered: int, stored: Stored
) -> Observations:
    lost_records, doubled_records = _match_records(records, stored.records)
    readings_stored = stored.total - sum(map(len, stored.records.values()))
    dropped = {lane: count for lane, count in stored.dropped.items() if count}
    missing = lost_records + max(0, answered - readings_stored)
    return {
        "generated": answered + sum(map(len, records.values())),
        "stored": stored.total,
        "lost": max(0, missing - sum(dropped.values())),
        "duplicated": doubled_records + max(0, readings_stored - answered),
        "dropped": dropped,
    }


def _match_records(
    written: Mapping[str, Sequence[str]], stored: Mapping[str, Sequence[str]]
) -> tuple[int, int]:
    """Records that were never stored, and rows that nobody wrote or that are there twice."""
    want = Counter((device, one) for device, ids in written.items() for one in ids)
    have = Counter((device, one) for device, ids in stored.items() for one in ids)
    return (want - have).total(), (have - want).total()


def _event(kind: str, truths: Sequence[Truth], seen: Sequence[Seen]) -> Event:
    found, false = matched(kind, truths, seen)
    return event_figures(kind, found, len(false))


def event_figures(kind: str, found: Sequence[Match], false: int) -> Event:
    """The figures on one kind, from its truths with what answered them."""
    latencies = [one.latency_s for one in found if one.latency_s is not None]
    detected = sum(one.alert is not None for one in found)
    return {
        "kind": kind,
        "truth": len(found),
        "detected": detected,
        "missed": len(found) - detected,
        "false": false,
        "latency_s": _latency(latencies),
    }


def _latency(values: list[float]) -> Latency:
    if not values:
        return {"p50": None, "p99": None, "max": None}
    ordered = sorted(values)
    return {
        "p50": round(percentile(ordered, 50), 3),
        "p99": round(percentile(ordered, 99), 3),
        "max": round(ordered[-1], 3),
    }


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile of values in ascending order, of which there is at least one."""
    rank = -(-len(ordered) * percent // 100)  # rounded up
    return ordered[max(0, int(rank) - 1)]

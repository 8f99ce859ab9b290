"""What was true and what was said of it, one after another, while a run goes on. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from simulators.ledger import Truth
from simulators.matching import Match, Seen, matched
from simulators.scorecard import Event, event_figures, kinds, limit_s

State = Literal["waiting", "detected", "missed"]

PATIENCE_S: Final = 5.0
"""Real seconds beyond its limit after which an alert no longer counts as being on its way."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A truth with what became of it. number: its place in the ledger."""

    number: int
    match: Match
    state: State


@dataclass(frozen=True, slots=True)
class Standing:
    """How one kind of event stands. waiting: of `figures.missed`, those that may still come."""

    figures: Event
    waiting: int
    limit_s: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """entries: newest first. false: alerts that answer no truth, newest first."""

    entries: list[Entry]
    standings: list[Standing]
    false: list[Seen]


def timeline(
    truths: Sequence[Truth],
    seen: Sequence[Seen],
    *,
    now_s: float,
    real_s: Callable[[int], float],
    every: bool = False,
) -> Timeline:
    """How a run stands. now_s: the ledger's clock. real_s: simulated ms -> that clock's seconds.

    every: whatever alarms is judged, see `kinds`.
    """
    numbers = {id(truth): place for place, truth in enumerate(truths)}
    entries: list[Entry] = []
    standings: list[Standing] = []
    false: list[Seen] = []
    for kind in kinds(truths, seen, every=every):
        found, spare = matched(kind, truths, seen)
        mine = [Entry(numbers[id(one.truth)], one, _state(one, now_s, real_s)) for one in found]
        waiting = sum(one.state == "waiting" for one in mine)
        standings.append(Standing(event_figures(kind, found, len(spare)), waiting, limit_s(kind)))
        entries += mine
        false += spare
    entries.sort(key=lambda one: (one.match.truth.at, one.number), reverse=True)
    false.sort(key=lambda one: one.at, reverse=True)
    return Timeline(entries, standings, false)


def _state(match: Match, now_s: float, real_s: Callable[[int], float]) -> State:
    if match.alert is not None:
        return "detected"
    truth = match.truth
    since_s = real_s(truth.at) if truth.shown is None else truth.shown
    late_s = now_s - since_s - limit_s(truth.kind)
    return "missed" if late_s > PATIENCE_S else "waiting"

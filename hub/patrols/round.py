"""A round: one time that a plan is walked, with the plan's points as they stood then."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from wire import Text


class RoundState(StrEnum):
    """Where a round stands; the first two are open."""

    DUE = "due"
    WALKING = "walking"
    DONE = "done"
    INCOMPLETE = "incomplete"  # over, and some of its points were not looked at
    MISSED = "missed"  # over, and nobody came
    LAPSED = "lapsed"  # over before the hub was there to take it: nobody's fault


ROUND_STATE_NAMES: Final = {
    RoundState.DUE: Text(zh="待巡", en="Due"),
    RoundState.WALKING: Text(zh="巡查中", en="Under way"),
    RoundState.DONE: Text(zh="已完成", en="Done"),
    RoundState.INCOMPLETE: Text(zh="未巡全", en="Incomplete"),
    RoundState.MISSED: Text(zh="漏巡", en="Missed"),
    RoundState.LAPSED: Text(zh="系统停机期间，不计", en="Hub was away, not counted"),
}


class Result(StrEnum):
    """What a guard says of a point."""

    FINE = "fine"
    FINDING = "finding"
    SKIPPED = "skipped"  # could not be looked at, and why


RESULT_NAMES: Final = {
    Result.FINE: Text(zh="正常", en="All fine"),
    Result.FINDING: Text(zh="发现问题", en="A finding"),
    Result.SKIPPED: Text(zh="无法查看", en="Could not look"),
}


@dataclass(frozen=True, slots=True)
class Point:
    """A stop as it stood when the round began; see `hub.config.patrols.PatrolPoint`.

    proof: it takes its code to say that one was there.
    """

    id: str
    name: Text
    look: tuple[Text, ...]
    category: str
    device: str | None = None
    place: Text | None = None
    proof: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """What somebody found at a point. by: user's name. case: id of what a finding became.

    proved: with the code that hangs there. sent_at: when it was handed in, where that was later.
    """

    point: str
    result: Result
    at: int
    by: str
    note: str | None = None
    case: str | None = None
    proved: bool = False
    sent_at: int | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """A round of a site.

    planned: time made it due; else somebody began it besides the plan. due_at: when it should
    begin; late_at: by when it should be finished; ends_at: from when on it is over. Times are ms.
    """

    id: str
    site: str
    plan: str
    name: Text
    state: RoundState
    due_at: int
    late_at: int
    ends_at: int
    points: tuple[Point, ...]
    planned: bool = True
    visits: tuple[Visit, ...] = ()
    ended_at: int | None = None
    version: int = 1

    @property
    def unseen(self) -> tuple[Point, ...]:
        """Points that nobody has looked at: not come to, or not got at."""
        seen = {one.point for one in self.visits if one.result is not Result.SKIPPED}
        return tuple(one for one in self.points if one.id not in seen)

    def point(self, name: str) -> Point | None:
        """The stop with this id."""
        return next((one for one in self.points if one.id == name), None)

    def visit(self, point: str) -> Visit | None:
        """What was found at a stop so far."""
        return next((one for one in self.visits if one.point == point), None)

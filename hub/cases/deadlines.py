"""Deadlines of a case: by when its step has to be done, who is reminded, and how it climbs.

Nothing here reads a clock. A case carries the next moment at which something is due (`timer_at`);
`due` decides anew from the case as it then stands, so a step that was done in time fires nothing,
and a hub that was down does what was due once, and not as often as it would have been.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from hub.cases.model import SYSTEM, Case, CaseState, HistoryEntry
from hub.config import Calendar, Deadlines, Escalation


class Step(StrEnum):
    """What a deadline is for. Dispatching again does not stretch the time for handling."""

    ACCEPT = "accept"
    HANDLE = "handle"
    VERIFY = "verify"


STEP_OF: Final = {
    CaseState.DISCOVERED: Step.ACCEPT,
    CaseState.ACCEPTED: Step.HANDLE,
    CaseState.DISPATCHED: Step.HANDLE,
    CaseState.HANDLING: Step.HANDLE,
    CaseState.VERIFYING: Step.VERIFY,
}
"""The step that is under way in each open state; none in the others."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """What times a case. utc_offset: of the clock on which the calendar stands, hours.

    share: of each step's usual time, while a mode is in force that gives less.
    """

    deadlines: Deadlines
    calendar: Calendar
    escalation: Escalation
    utc_offset: float
    share: float = 1.0

    def after(self, now: int, seconds: float) -> int:
        """When so many seconds of the calendar's hours will have passed, ms."""
        return self.calendar.after(now, round(seconds), self.utc_offset)

    def allows_s(self, step: Step) -> int:
        """How long a step may take, seconds."""
        allowed: int = getattr(self.deadlines, step.value)
        return max(1, round(allowed * self.share))


def timed(before: Case | None, after: Case, now: int, timetable: Timetable, unit: str) -> Case:
    """The case `after` an action with its deadline; `before` is None for a new one.

    unit: who answers for it while it is in time. A case that enters a step begins at the foot
    of the tree again; within a step the deadline stays what it was.
    """
    step = STEP_OF.get(after.state)
    if step is None:
        return replace(after, due_at=None, timer_at=None)
    if before is not None and STEP_OF.get(before.state) is step:
        return after
    allowed_s = timetable.allows_s(step)
    return replace(
        after,
        due_at=timetable.after(now, allowed_s),
        timer_at=timetable.after(now, allowed_s * timetable.escalation.remind_at),
        rung=0,
        unit=unit,
    )


def hastened(case: Case, now: int, timetable: Timetable) -> Case:
    """The case with the deadline that its step would have if it began now, where that is sooner."""
    step = STEP_OF.get(case.state)
    if step is None or case.due_at is None:
        return case
    allowed_s = timetable.allows_s(step)
    due_at = timetable.after(now, allowed_s)
    if due_at >= case.due_at:
        return case
    remind_at = timetable.after(now, allowed_s * timetable.escalation.remind_at)
    return replace(case, due_at=due_at, timer_at=remind_at)


def due(
    case: Case, now: int, timetable: Timetable, above: Sequence[str]
) -> tuple[Case, HistoryEntry] | None:
    """What time does to a case at `now`, and the line of its history; None when nothing is due.

    above: the units that it climbs to, from the lowest. At the top it rests.
    """
    step = STEP_OF.get(case.state)
    if step is None or case.due_at is None or case.timer_at is None or now < case.timer_at:
        return None
    detail: dict[str, str | int] = {"step": step.value, "due_at": case.due_at}
    if now < case.due_at:
        waiting = replace(case, timer_at=case.due_at)
        return _changed(waiting, now), _entry(case, now, "remind", detail)
    if case.rung >= len(above):
        return _changed(replace(case, timer_at=None), now), _entry(case, now, "overdue", detail)
    unit = above[case.rung]
    climb_at = timetable.after(now, timetable.escalation.climb_every)
    last = case.rung + 1 == len(above)
    raised = replace(case, rung=case.rung + 1, unit=unit, timer_at=None if last else climb_at)
    return _changed(raised, now), _entry(case, now, "escalate", detail | {"unit": unit})


def _changed(case: Case, now: int) -> Case:
    return replace(case, updated_at=now, version=case.version + 1)


def _entry(case: Case, now: int, action: str, detail: dict[str, str | int]) -> HistoryEntry:
    return HistoryEntry(now, SYSTEM, action, case.state, case.state, detail=detail)

"""An estate in numbers: verdicts on alarms, open cases, passages of a day. Nobody is named."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from hub.cases.verdicts import Told
from hub.store.reads.alarms import Span
from hub.store.reads.cases import concerns_department
from hub.store.reads.page import Record
from hub.store.schema import alert, case_, passage
from hub.traces.passage import PASSED, PassageResult

DAY_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Passing:
    """What one device counted."""

    device: str
    came: int
    went: int
    passed: int
    denied: int


def verdicts(
    connection: Connection, span: Span, conditions: Iterable[str], step: int
) -> list[Told]:
    """How the cases of these alarms ended, by device and by `step` ms from the span's beginning.

    A case that was merged into another one ended as that one did.
    """
    own, lead = case_.alias("own"), case_.alias("lead")
    number = ((alert.c.at - span.since) // step).label("span")
    merged: ColumnElement[Any] = case(
        (own.c.merged_into.is_not(None), lead.c.resolution), else_=own.c.resolution
    ).label("resolution")
    found = (
        select(alert.c.condition, alert.c.device, number, merged, func.count().label("count"))
        .outerjoin(own, own.c.id == alert.c.case_id)
        .outerjoin(lead, lead.c.id == own.c.merged_into)
        .where(
            alert.c.site == span.site,
            alert.c.at >= span.since,
            alert.c.at < span.until,
            alert.c.condition.in_(list(conditions)),
        )
        .group_by(alert.c.condition, alert.c.device, number, merged)
    )
    return [Told(**row) for row in connection.execute(found).mappings()]


def open_by_state(
    connection: Connection, site: str, now: int, ages: tuple[int, ...], concerns: str | None
) -> list[Record]:
    """Open cases: `state, count, late, hour`, and `age_0` … by age.

    ages: in ascending order, ms; `age_n` counts those younger than `ages[n]` and no younger than
    the one before; the last `age_` all others. late: their step's deadline is over; hour: it ends
    within the hour.
    """
    opened, due = case_.c.opened_at, case_.c.due_at
    bounds = [now - age for age in ages]
    younger = [opened > bound for bound in bounds]
    bands = [
        younger[0],
        *(and_(one, opened <= bound) for one, bound in zip(younger[1:], bounds, strict=False)),
        opened <= bounds[-1],
    ]
    found = select(
        case_.c.state,
        func.count().label("count"),
        func.sum(_one_if(due < now)).label("late"),
        func.sum(_one_if(and_(due >= now, due < now + DAY_MS // 24))).label("hour"),
        *(func.sum(_one_if(band)).label(f"age_{row}") for row, band in enumerate(bands)),
    ).where(case_.c.site == site, case_.c.closed_at.is_(None))
    if concerns is not None:
        found = found.where(concerns_department(concerns))
    return [*connection.execute(found.group_by(case_.c.state)).mappings()]


def passings(connection: Connection, span: Span) -> list[Passing]:
    """What each device counted."""
    table = passage.c
    passed = table.result.in_([one.value for one in PASSED])
    found = (
        select(
            table.device,
            func.sum(_one_if(and_(passed, table.direction == "in"))).label("came"),
            func.sum(_one_if(and_(passed, table.direction == "out"))).label("went"),
            func.sum(_one_if(passed)).label("passed"),
            func.sum(_one_if(table.result == PassageResult.DENIED.value)).label("denied"),
        )
        .where(table.site == span.site, table.at >= span.since, table.at < span.until)
        .group_by(table.device)
    )
    return [Passing(**row) for row in connection.execute(found).mappings()]


def _one_if(wanted: ColumnElement[bool]) -> ColumnElement[int]:
    return case((wanted, 1), else_=0)

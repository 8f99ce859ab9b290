"""Cases of a time, as far as figures need them."""

from typing import Final

from sqlalchemy import ColumnElement, Connection, Subquery, case, func, select

from hub.cases.assessment import Fact
from hub.store.schema import case_, case_history, report
from wire import Text

MOST: Final = 50_000
"""Cases that one analysis looks at; more would hold up a reader for seconds."""


def facts_between(connection: Connection, site: str, since: int, until: int) -> list[Fact]:
    """Cases that were opened from `since` up to, but without, `until`; the newest first."""
    told = (
        select(
            case_history.c.case_id,
            func.sum(_one_if(case_history.c.action.in_(["escalate", "overdue"]))).label("late"),
            func.sum(_one_if(case_history.c.action == "reopen")).label("reopened"),
        )
        .where(case_history.c.action.in_(["escalate", "overdue", "reopen"]))
        .group_by(case_history.c.case_id)
        .subquery()
    )
    said = _ratings(site)
    found = (
        select(case_, told.c.late, told.c.reopened, report.c.person, said.c.said, said.c.raters)
        .outerjoin(told, told.c.case_id == case_.c.id)
        .outerjoin(said, said.c.handled == case_.c.id)
        .outerjoin(report, report.c.case_id == case_.c.id)
        .where(case_.c.site == site, case_.c.opened_at >= since, case_.c.opened_at < until)
        .order_by(case_.c.opened_at.desc(), case_.c.id)
        .limit(MOST)
    )
    return [
        Fact(
            id=row.id,
            number=row.number,
            category=row.category,
            source=row.source,
            device=row.device,
            place=None if row.place is None else Text.model_validate(row.place),
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            resolution=row.resolution,
            rating=row.rating if row.said is None else float(row.said),
            raters=row.raters or 1,
            late=bool(row.late),
            reopened=row.reopened or 0,
            person=row.person,
            department=row.department,
        )
        for row in connection.execute(found)
    ]


def _ratings(site: str) -> Subquery:
    """What reporters think, on the case that was handled: what was merged counts on its lead."""
    handled = func.coalesce(case_.c.merged_into, case_.c.id).label("handled")
    return (
        select(
            handled,
            func.avg(report.c.rating).label("said"),
            func.count(report.c.rating).label("raters"),
        )
        .join(case_, case_.c.id == report.c.case_id)
        .where(report.c.site == site, report.c.rating.is_not(None))
        .group_by(handled)
        .subquery()
    )


def _one_if(wanted: ColumnElement[bool]) -> ColumnElement[int]:
    return case((wanted, 1), else_=0)

"""Who passes where and when somebody else does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, Subquery, and_, case, func, select, true

from hub.database.dialect import is_postgres
from hub.store.reads.page import Record
from hub.store.schema import passage
from hub.traces import PASSED

MOST: Final = 1_000
"""Passages of the one that is asked about that are looked at, the newest: that keeps the answer
within 200 ms among ten million."""

CROWD: Final = 100
"""Others around one passage that are looked at."""

_WENT: Final = tuple(sorted(one.value for one in PASSED))


@dataclass(frozen=True, slots=True)
class CompanionQuery:
    """Who passed the same device within so many ms of `subject`, from `start` on, before `end`."""

    subject: str
    start: int
    end: int
    within: int
    limit: int = 20


def companion_rows(connection: Connection, site: str, query: CompanionQuery) -> Sequence[Record]:
    """Others by how often they passed together, the most often first.

    Of each: `subject`, `masked`, `times`, `same_way`, `first_at`, `last_at`.
    """
    mine = _own(site, query).subquery("mine")
    near = passage.alias("near")
    together = and_(
        near.c.site == site,
        near.c.device == mine.c.device,
        near.c.at.between(mine.c.at - query.within, mine.c.at + query.within),
        near.c.subject.is_not(None),
        near.c.subject != query.subject,
        near.c.result.in_(_WENT),
    )
    if is_postgres(connection):
        # Told what it is not to do: it takes the windows for wide, and reads all of the table.
        wanted = (near.c.subject, near.c.masked, near.c.at, near.c.direction)
        crowd = select(*wanted).where(together).order_by(near.c.at).limit(CROWD)
        around: Any = crowd.correlate(mine).lateral("around")
        source = mine.join(around, true())
    else:
        around, source = near, mine.join(near, together)
    times = func.count(mine.c.id.distinct()).label("times")
    found = (
        select(
            around.c.subject,
            func.max(around.c.masked).label("masked"),
            times,
            func.sum(case((around.c.direction == mine.c.direction, 1), else_=0)).label("same_way"),
            func.min(around.c.at).label("first_at"),
            func.max(around.c.at).label("last_at"),
        )
        .select_from(source)
        .group_by(around.c.subject)
        .order_by(times.desc(), func.max(around.c.at).desc(), around.c.subject)
    )
    return connection.execute(found.limit(query.limit)).mappings().all()


def considered(connection: Connection, site: str, query: CompanionQuery) -> int:
    """How many passages of the one that is asked about are looked at."""
    mine: Subquery = _own(site, query).subquery()
    return connection.scalar(select(func.count()).select_from(mine)) or 0


def _own(site: str, query: CompanionQuery) -> Select[Any]:
    table = passage.c
    found = select(table.id, table.device, table.at, table.direction).where(
        table.site == site,
        table.subject == query.subject,
        table.at >= query.start,
        table.at < query.end,
        table.result.in_(_WENT),
    )
    return found.order_by(table.at.desc(), table.id.desc()).limit(MOST)

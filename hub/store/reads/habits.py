"""When somebody was seen first and last, and at which hours they pass."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, select

from hub.store.reads.page import Record
from hub.store.reads.passages import SHOWN
from hub.store.schema import passage
from hub.traces import PASSED, Habits, habits_of

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS

_WENT: Final = tuple(sorted(one.value for one in PASSED))


@dataclass(frozen=True, slots=True)
class Times:
    """first_at, last_at: of anything that is kept of somebody, denied tries included, ms."""

    first_at: int | None
    last_at: int | None
    habits: Habits


def times_of(connection: Connection, site: str, subject: str, *, shift: int) -> Times:
    """What is known of one subject. shift: of the site's clock against UTC, ms."""
    table = passage.c
    mine = (table.site == site, table.subject == subject)
    went = (*mine, table.result.in_(_WENT))
    ends = select(func.min(table.at), func.max(table.at)).where(*mine)
    first_at, last_at = connection.execute(ends).one()
    hour = _hour(shift)
    counted = select(hour, func.count()).where(*went).group_by(hour)
    counts = {int(row[0]): row[1] for row in connection.execute(counted)}
    days = select(func.count(((table.at + shift) // DAY_MS).distinct())).where(*went)
    return Times(first_at, last_at, habits_of(counts, connection.scalar(days) or 0))


def passages_at_hours(
    connection: Connection,
    site: str,
    subject: str,
    hours: Collection[int],
    *,
    shift: int,
    limit: int,
) -> Sequence[Record]:
    """Somebody's passages in these hours of the local day, newest first."""
    if not hours:
        return []
    table = passage.c
    found = select(*SHOWN).where(
        table.site == site,
        table.subject == subject,
        table.result.in_(_WENT),
        _hour(shift).in_(hours),
    )
    newest = found.order_by(table.at.desc(), table.id.desc()).limit(limit)
    return connection.execute(newest).mappings().all()


def _hour(shift: int) -> ColumnElement[Any]:
    return (passage.c.at + shift) // HOUR_MS % 24

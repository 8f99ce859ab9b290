"""Reports from outside as rows."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, update

from hub.store.schema import case_, report, report_key

RESIDENT: Final = "resident"
"""The reporter of what residents tell; a machine's id is 16 hex digits."""


@dataclass(frozen=True, slots=True)
class Report:
    """What is known of who reported a case. receipt_hash, contact: of a resident's, sealed.

    person: a keyed hash of whoever complained.
    """

    case_id: str
    site: str
    reporter: str
    created_at: int
    reference: str | None = None
    receipt_hash: str | None = None
    contact: bytes | None = None
    person: str | None = None
    rating: int | None = None
    rated_at: int | None = None


@dataclass(frozen=True, slots=True)
class ReportKey:
    """By what a reporter calls one report, so that trying again makes no second one.

    body_hash: of what is reported, 64 hex digits.
    """

    reporter: str
    key: str
    body_hash: str


def add_report(connection: Connection, one: Report) -> None:
    """Write down who reported a case."""
    connection.execute(
        insert(report).values(**{name: getattr(one, name) for name in Report.__slots__})
    )


def find_key(connection: Connection, one: ReportKey) -> tuple[str, str] | None:
    """Body hash and case of what was reported with this key before."""
    row = connection.execute(
        select(report_key.c.body_hash, report_key.c.case_id).where(
            report_key.c.reporter == one.reporter, report_key.c.key == one.key
        )
    ).one_or_none()
    return None if row is None else (row.body_hash, row.case_id)


def add_key(connection: Connection, one: ReportKey, case: str, now: int) -> None:
    """Remember the key; the table holds that there is one of each."""
    connection.execute(
        insert(report_key).values(
            reporter=one.reporter, key=one.key, body_hash=one.body_hash, case_id=case, at=now
        )
    )


def report_of(connection: Connection, case: str) -> Report | None:
    """Who reported a case; None where nobody outside did."""
    return _one(connection, report.c.case_id == case)


def report_by_receipt(connection: Connection, receipt_hash: str) -> Report | None:
    """The report with this receipt."""
    return _one(connection, report.c.receipt_hash == receipt_hash)


def rate_report(connection: Connection, case: str, rating: int, now: int) -> None:
    """What the reporter thinks of how it ended."""
    connection.execute(
        update(report).where(report.c.case_id == case).values(rating=rating, rated_at=now)
    )


def average_rating(connection: Connection, case: str) -> float | None:
    """What the reporters of a case, and of those merged into it, think of it; None for nothing."""
    mine = or_(case_.c.id == case, case_.c.merged_into == case)
    query = (
        select(func.avg(report.c.rating))
        .join(case_, case_.c.id == report.c.case_id)
        .where(mine, report.c.rating.is_not(None))
    )
    found = connection.scalar(query)
    return None if found is None else float(found)


def _one(connection: Connection, which: ColumnElement[bool]) -> Report | None:
    row = connection.execute(select(report).where(which)).mappings().one_or_none()
    return None if row is None else Report(**{name: row[name] for name in Report.__slots__})

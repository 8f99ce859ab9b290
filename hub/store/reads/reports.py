"""Reports from outside as they are asked for."""

from typing import Any

from sqlalchemy import Connection, Select, select

from hub.store.reads.page import Record, RecordPage, page
from hub.store.schema import case_, report


def reported_case(connection: Connection, reporter: str, case: str) -> Record | None:
    """The case with its `reference`; None when the reporter did not report it."""
    found = _cases(reporter).where(case_.c.id == case)
    return connection.execute(found).mappings().one_or_none()


def changed_cases(
    connection: Connection, reporter: str, *, since: int, after: str | None, limit: int
) -> RecordPage:
    """The reporter's cases that changed at `since` or later, in the order of their changes."""
    found = _cases(reporter).where(case_.c.updated_at >= since)
    key = (case_.c.updated_at, case_.c.id)
    return page(connection, found, key, limit=limit, cursor=after, descending=False)


def report_row(connection: Connection, case: str) -> Record | None:
    """Who reported a case; None where nobody outside did."""
    found = select(report).where(report.c.case_id == case)
    return connection.execute(found).mappings().one_or_none()


def _cases(reporter: str) -> Select[Any]:
    return (
        select(case_, report.c.reference)
        .join(report, report.c.case_id == case_.c.id)
        .where(report.c.reporter == reporter)
    )

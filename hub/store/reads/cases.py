"""Cases and their histories."""

import re
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, Select, String, cast, or_, select, union

from hub.cases import CaseSource
from hub.store.reads.page import Record, RecordPage, page
from hub.store.schema import case_, case_history, case_link

MOST_AT_ONCE: Final = 500
"""Cases that a screen is given when it opens, however many are open."""

SOON_MS: Final = 2 * 3_600_000
"""A deadline that is nearer than this is told apart."""

_NUMBER: Final = re.compile(r"\d{8}-\d{3,}")


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """Which cases; None means any. since: opened then or later, ms.

    words: each must stand in the number, the title, the place or the assignee, in any case.
    source: how it came. concerns: a department that handles it, helps, or watches.
    step: a state of the flow. categories: any of them. nobodys: without an assignee.
    due: `overdue` at `now`, or `soon`: within `SOON_MS` of it. by_deadline: the most urgent first,
    for open cases; those without a deadline are not among them.
    """

    state: Literal["open", "closed", "all"] = "open"
    category: str | None = None
    device: str | None = None
    since: int | None = None
    assignee: str | None = None
    source: CaseSource | None = None
    concerns: str | None = None
    words: tuple[str, ...] = ()
    step: str | None = None
    priority: str | None = None
    categories: tuple[str, ...] | None = None
    department: str | None = None
    building: str | None = None
    nobodys: bool = False
    due: Literal["overdue", "soon"] | None = None
    now: int = 0
    by_deadline: bool = False
    limit: int = 100
    before: str | None = None


def case_rows(connection: Connection, site: str, query: CaseQuery) -> RecordPage:
    """Cases, newest first, or by deadline.

    Their keys are read from an index alone; of very many cases only the page's rows are touched.
    """
    first = case_.c.due_at if query.by_deadline else case_.c.opened_at
    found = page(
        connection,
        _keys(site, query),
        (first, case_.c.id),
        limit=query.limit,
        cursor=query.before,
        descending=not query.by_deadline,
    )
    names = [one["id"] for one in found.records]
    rows = connection.execute(select(case_).where(case_.c.id.in_(names))).mappings()
    by_id = {row["id"]: row for row in rows}
    return RecordPage([by_id[name] for name in names], found.next)


def _keys(site: str, query: CaseQuery) -> Select[Any]:
    found = select(case_.c.opened_at, case_.c.due_at, case_.c.id).where(*asked(site, query))
    if query.by_deadline:
        found = found.where(case_.c.due_at.is_not(None))
    return found.where(*dimensions(query).values(), *held(query))


def held(query: CaseQuery) -> list[ColumnElement[bool]]:
    """What is asked of who has it."""
    if query.nobodys:
        return [case_.c.assignee.is_(None)]
    return [] if query.assignee is None else [case_.c.assignee == query.assignee]


def dimensions(query: CaseQuery) -> dict[str, ColumnElement[bool]]:
    """What is asked of the columns by which open cases are counted, by the facet's name."""
    found: dict[str, ColumnElement[bool]] = {}
    plain = ("category", "department", "priority", "building")
    for name in plain:
        value = getattr(query, name)
        if value is not None:
            found[name] = case_.c[name] == value
    if query.step is not None:
        found["step"] = case_.c.state == query.step
    if query.source is not None:
        found["source"] = case_.c.source == query.source.value
    if query.categories is not None:
        found["branch"] = case_.c.category.in_(query.categories)
    if query.due == "overdue":
        found["due"] = case_.c.due_at < query.now
    elif query.due == "soon":
        found["due"] = case_.c.due_at.between(query.now, query.now + SOON_MS)
    return found


def asked(site: str, query: CaseQuery) -> list[ColumnElement[bool]]:
    """What is asked of a case besides."""
    found: list[ColumnElement[bool]] = [case_.c.site == site]
    if query.state == "open":
        found.append(case_.c.closed_at.is_(None))
    elif query.state == "closed":
        found.append(case_.c.closed_at.is_not(None))
    if query.device is not None:
        found.append(case_.c.device == query.device)
    if query.since is not None:
        found.append(case_.c.opened_at >= query.since)
    if query.concerns is not None:
        found.append(concerns_department(query.concerns))
    for word in query.words:
        number = _NUMBER.fullmatch(word)  # said in full, its index finds it
        says = case_.c.words.contains(word.lower(), autoescape=True)
        found.append(case_.c.number == word if number else says)
    return found


def concerns_department(department: str) -> ColumnElement[bool]:
    """As `hub.cases.concerned` says; of those who help, each whose id is written there."""
    helps = cast(case_.c.parties, String).contains(f'"{department}"', autoescape=True)
    return or_(case_.c.department == department, case_.c.watcher == department, helps)


def open_cases(connection: Connection, site: str, concerns: str | None = None) -> list[Record]:
    """The newest open cases, newest first: what a screen begins with; the list has them all.

    concerns: a department, where only its own are asked for.
    """
    found = select(case_).where(case_.c.site == site, case_.c.closed_at.is_(None))
    if concerns is not None:
        found = found.where(concerns_department(concerns))
    newest = found.order_by(case_.c.opened_at.desc(), case_.c.id.desc()).limit(MOST_AT_ONCE)
    return [*connection.execute(newest).mappings()]


def one_case(connection: Connection, site: str, name: str) -> Record | None:
    """The case with this id."""
    found = select(case_).where(case_.c.site == site, case_.c.id == name)
    return connection.execute(found).mappings().one_or_none()


def case_steps(connection: Connection, name: str) -> list[Record]:
    """The case's history, oldest first."""
    found = select(case_history).where(case_history.c.case_id == name)
    return [*connection.execute(found.order_by(case_history.c.id)).mappings()]


def merged_cases(connection: Connection, site: str, name: str) -> list[Record]:
    """Those that were merged into this one, oldest first."""
    found = select(case_).where(case_.c.site == site, case_.c.merged_into == name)
    return [*connection.execute(found.order_by(case_.c.opened_at, case_.c.id)).mappings()]


def linked_cases(connection: Connection, site: str, name: str) -> list[Record]:
    """Those that have to do with this one, newest first."""
    others = union(
        select(case_link.c.other).where(case_link.c.one == name),
        select(case_link.c.one).where(case_link.c.other == name),
    )
    found = select(case_).where(case_.c.site == site, case_.c.id.in_(others))
    return [*connection.execute(found.order_by(case_.c.opened_at.desc(), case_.c.id)).mappings()]

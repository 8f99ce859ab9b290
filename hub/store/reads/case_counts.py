"""How many open cases there are of each kind, as the list's facets show it.

What the catalogue and the flow say of a case is counted in one walk over an index that holds it, in
the order in which it is counted: no row is read and nothing is sorted. What comes of it is a table
of every combination that occurs, and each facet is added up from that, its own filter left out, so
that one sees what else one could choose. Buildings and people are a walk of their own.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, case, func, select

from hub.store.reads.cases import SOON_MS, CaseQuery, asked, dimensions, held
from hub.store.schema import case_

MOST_NAMED: Final = 60
"""Buildings, and people, that are counted by name: those with the most cases."""

MOST_LOOKED_THROUGH: Final = 2_000
"""Where words are looked for, the newest so many cases that have them are counted."""

_BY: Final = (case_.c.category, case_.c.department, case_.c.state, case_.c.priority)
_NONE: Final = ""
_OWN: Final = ("branch", "category", "department", "step", "priority", "due")
"""Facets that are added up from the table; the filters of the others hold for all of it."""


class Group(NamedTuple):
    """Cases that are alike: how many, how many of them are late, and how many will be soon."""

    category: str
    department: str | None
    step: str
    priority: str
    cases: int
    late: int
    soon: int


@dataclass(slots=True)
class CaseCounts:
    """By facet and value, how many open cases; None is the value of those that have none.

    total: that fit every filter. capped: more cases than `MOST_LOOKED_THROUGH` have the words, and
    only these are counted.
    """

    total: int = 0
    capped: bool = False
    by: dict[str, Counter[str | None]] = field(default_factory=dict)


def count_cases(
    connection: Connection, site: str, query: CaseQuery, branch_of: Mapping[str, str]
) -> CaseCounts:
    """Counts of open cases. branch_of: by category, the branch of the catalogue that it is in."""
    query = replace(query, state="open")
    if query.words or query.concerns is not None:
        return _looked_through(connection, site, query, branch_of)
    filters, base = dimensions(query), asked(site, query)
    besides = [test for name, test in filters.items() if name not in _OWN]
    counts = _added_up(
        _table(connection, [*base, *besides, *held(query)], query.now), query, branch_of
    )
    others = [test for name, test in filters.items() if name != "building"]
    where = [*base, *others, *held(query)]
    counts.by["building"] = _named(connection, case_.c.building, where)
    where = [*base, *filters.values()]
    plain = not filters and query.since is None and query.device is None
    counts.by["assignee"] = (
        _people(connection, where) if plain else _named(connection, case_.c.assignee, where)
    )
    return counts


def _table(connection: Connection, where: list[ColumnElement[bool]], now: int) -> Iterable[Group]:
    late = func.sum(case((case_.c.due_at < now, 1), else_=0))
    soon = func.sum(case((case_.c.due_at.between(now, now + SOON_MS), 1), else_=0))
    query = select(*_BY, func.count(), late, soon).where(*where).group_by(*_BY)
    return (Group(*row) for row in connection.execute(query))


def _added_up(
    groups: Iterable[Group], query: CaseQuery, branch_of: Mapping[str, str]
) -> CaseCounts:
    found = CaseCounts(by={name: Counter() for name in _OWN})
    for one in groups:
        misfits = _misfits(one, query)
        if len(misfits) > 1:
            continue
        count = {"overdue": one.late, "soon": one.soon}.get(query.due or "", one.cases)
        for name in misfits or _OWN[:-1]:
            value = branch_of.get(one.category) if name == "branch" else getattr(one, name)
            found.by[name][value] += count
        if not misfits:
            found.total += count
            found.by["due"].update(overdue=one.late, soon=one.soon)
    return found


def _misfits(one: Group, query: CaseQuery) -> list[str]:
    """The facets whose filter leaves these cases out."""
    names = ("category", "department", "step", "priority")
    found = [
        name
        for name in names
        if (wanted := getattr(query, name)) is not None and getattr(one, name) != wanted
    ]
    if query.categories is not None and one.category not in query.categories:
        found.append("branch")
    return found


def _named(
    connection: Connection, column: Column[Any], where: list[ColumnElement[bool]]
) -> Counter[str | None]:
    # Grouped by an expression, no index is taken for its order at the price of reading each row.
    name = func.coalesce(column, _NONE)
    query = select(name, func.count()).where(*where).group_by(name)
    most = query.order_by(func.count().desc(), name).limit(MOST_NAMED)
    return Counter({value or None: count for value, count in connection.execute(most)})


def _people(connection: Connection, where: list[ColumnElement[bool]]) -> Counter[str | None]:
    """Of all open cases: an index has them by person."""
    assignee = case_.c.assignee
    query = select(assignee, func.count()).where(*where, assignee.is_not(None)).group_by(assignee)
    most = query.order_by(func.count().desc(), assignee).limit(MOST_NAMED)
    found: Counter[str | None] = Counter()
    for name, count in connection.execute(most):
        found[name] = count
    nobodys = select(func.count()).where(*where, assignee.is_(None))
    found[None] = connection.scalar(nobodys) or 0
    return found


def _looked_through(
    connection: Connection, site: str, query: CaseQuery, branch_of: Mapping[str, str]
) -> CaseCounts:
    """Counts of the newest cases in which the words stand, or with which a department has to do."""
    columns = (*_BY, case_.c.due_at, case_.c.building, case_.c.assignee, case_.c.source)
    newest = select(*columns).where(*asked(site, query)).order_by(case_.c.opened_at.desc())
    rows = connection.execute(newest.limit(MOST_LOOKED_THROUGH + 1)).all()
    people: Counter[str | None] = Counter()
    buildings: Counter[str | None] = Counter()
    groups = []
    for row in rows[:MOST_LOOKED_THROUGH]:
        one = _alone(row, query.now)
        fits_source = query.source is None or row.source == query.source.value
        fits_building = query.building is None or row.building == query.building
        fits_person = not held(query) or row.assignee == (None if query.nobodys else query.assignee)
        if not fits_source:
            continue
        if fits_person and fits_building:
            groups.append(one)
        if not _misfits(one, query) and _fits_due(one, query):
            buildings[row.building] += fits_person
            people[row.assignee] += fits_building
    found = _added_up(groups, query, branch_of)
    found.by |= {"building": buildings, "assignee": people}
    found.capped = len(rows) > MOST_LOOKED_THROUGH
    return found


def _alone(row: Any, now: int) -> Group:
    left = None if row.due_at is None else row.due_at - now
    late, soon = left is not None and left < 0, left is not None and 0 <= left <= SOON_MS
    return Group(row.category, row.department, row.state, row.priority, 1, late, soon)


def _fits_due(one: Group, query: CaseQuery) -> bool:
    return bool({"overdue": one.late, "soon": one.soon}.get(query.due or "", 1))

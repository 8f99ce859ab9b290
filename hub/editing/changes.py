"""What differs between two documents, key by key; rows are known by their id."""

from dataclasses import dataclass
from typing import Any

from hub.editing.schema import Document


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. before, after: None where it is not there.

    key: as people read it, with a row's id where it has one: `desk[control-room].shift[day].to`.
    """

    key: str
    before: Any
    after: Any


def changes(before: Document, after: Document) -> list[Change]:
    """All differences, in the order of the new document, what went away last."""
    return _tables("", before, after)


def row_name(row: object, number: int) -> str:
    """What a row of a list is called in keys."""
    found = row.get("id") if isinstance(row, dict) else None
    return str(number) if found is None else str(found)


def _differ(key: str, before: Any, after: Any) -> list[Change]:
    if before == after:
        return []
    if isinstance(before, dict) and isinstance(after, dict):
        return _tables(f"{key}.", before, after)
    if _has_rows(before) and _has_rows(after):
        return _rows(key, before, after)
    return [Change(key, before, after)]


def _tables(prefix: str, before: Document, after: Document) -> list[Change]:
    gone = [name for name in before if name not in after]
    return [
        change
        for name in [*after, *gone]
        for change in _differ(prefix + name, before.get(name), after.get(name))
    ]


def _rows(key: str, before: list[Any], after: list[Any]) -> list[Change]:
    was = {row_name(one, row): one for row, one in enumerate(before)}
    now = {row_name(one, row): one for row, one in enumerate(after)}
    found = [
        change
        for name in [*now, *(name for name in was if name not in now)]
        for change in _differ(f"{key}[{name}]", was.get(name), now.get(name))
    ]
    order = [name for name in now if name in was]
    if order != [name for name in was if name in now]:
        found.append(Change(key, list(was), list(now)))
    return found


def _has_rows(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)

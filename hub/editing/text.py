"""A changed document written into the TOML that stands there, so that comments stay."""

import tomllib
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any, Final

import tomlkit
from tomlkit.container import Container
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, InlineTable, Item, Table

from hub.editing.schema import Document

_SHORT: Final = 4
"""Plain values that still stand on one line, such as a name in both languages."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file's new text. comments_kept: False where it had to be written from nothing."""

    text: str
    comments_kept: bool = True


def write(text: str, document: Document) -> Written:
    """`text`, changed so that it says exactly `document`."""
    try:
        found = tomlkit.parse(text)
        _merge(found, document)
        changed = tomlkit.dumps(found)
        if tomllib.loads(changed) == document:
            return Written(changed)
    except (TOMLKitError, ValueError, TypeError, KeyError, IndexError):
        pass  # a corner that the library does not master; what is said counts more than comments
    return Written(_from_nothing(document), comments_kept=not text.strip())


def _from_nothing(document: Document) -> str:
    found = tomlkit.document()
    plain = {name: one for name, one in document.items() if not _is_nested(one)}
    for name, one in {**plain, **document}.items():
        found[name] = _item(one)
    return tomlkit.dumps(found)


def _merge(there: MutableMapping[str, Any], wanted: Document) -> None:
    for name in [name for name in there if name not in wanted]:
        del there[name]
    for name, value in wanted.items():
        old = there.get(name)
        if name not in there:
            there[name] = _item(value)
        elif _plain(old) == value:
            continue
        elif isinstance(value, dict) and isinstance(old, Table | InlineTable | Container):
            _merge(old, value)
        elif isinstance(old, AoT) and isinstance(value, list) and value:
            _merge_rows(there, name, old, value)
        else:
            there[name] = _item(value)


def _merge_rows(
    there: MutableMapping[str, Any], name: str, old: AoT, wanted: list[Document]
) -> None:
    """Rows are known by their id, so that each keeps its comments wherever it goes."""
    before, after = [_identity(one) for one in old], [_identity(one) for one in wanted]
    if after[: len(before)] == before:
        for row in range(len(before)):
            _merge(old[row], wanted[row])
        for one in wanted[len(before) :]:
            old.append(_item(one, row=True))
        return
    known = {key: old[row] for row, key in enumerate(before) if key is not None}
    rows = tomlkit.aot()
    for key, one in zip(after, wanted, strict=True):
        same = None if key is None else known.pop(key, None)
        if same is None:
            made = _item(one, row=True)
            if isinstance(made, Table):
                rows.append(made)
        else:
            _merge(same, one)
            rows.append(same)
    there[name] = rows


def _identity(row: Any) -> str | None:
    found = row.get("id")
    return None if found is None else str(found)


def _item(value: Any, *, row: bool = False) -> Item:
    if isinstance(value, str) and "\n" in value:
        return tomlkit.string(value, multiline=True)
    if isinstance(value, dict):
        short = not row and len(value) <= _SHORT and not any(map(_is_nested, value.values()))
        made: Table | InlineTable = tomlkit.inline_table() if short else tomlkit.table()
        ordered = sorted(value.items(), key=lambda one: _is_table(one[1]))
        for name, one in ordered:
            made[name] = _item(one)
        return made
    if _is_rows(value):
        rows = tomlkit.aot()
        for one in value:
            made_row = _item(one, row=True)
            if isinstance(made_row, Table):
                rows.append(made_row)
        return rows
    plain: Item = tomlkit.item(value)
    return plain


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) or _is_rows(value)


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _is_nested(value: Any) -> bool:
    return isinstance(value, dict | list)


def _plain(value: Any) -> Any:
    return value.unwrap() if hasattr(value, "unwrap") else value

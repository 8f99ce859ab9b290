"""Paging by key: a page starts after the last row of the one before it, whatever came since."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, tuple_

from hub.errors import BadRequestError

Record = Mapping[Any, Any]
"""A row, by its columns' names."""

Key = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Some rows, and the cursor of the page after them; None on the last."""

    records: Sequence[Record]
    next: str | None


def page(
    connection: Connection,
    query: Select[Any],
    key: Sequence[ColumnElement[Any]],
    *,
    limit: int,
    cursor: str | None,
    descending: bool = True,
) -> RecordPage:
    """The rows of `query` in the order of `key`, which must be unique, from `cursor` on.

    Raises BadRequestError for a cursor that is not ours.
    """
    if cursor is not None:
        last = decode_cursor(cursor, len(key))
        place = tuple_(*key)
        query = query.where(place < last if descending else place > last)
    order = [column.desc() if descending else column.asc() for column in key]
    rows = connection.execute(query.order_by(*order).limit(limit + 1)).mappings().all()
    kept = rows[:limit]
    if len(rows) <= limit:
        return RecordPage(kept, None)
    return RecordPage(kept, encode_cursor(tuple(kept[-1][str(column.key)] for column in key)))


def encode_cursor(key: Key) -> str:
    """An opaque text for a key."""
    text = json.dumps(list(key), separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str, length: int) -> Key:
    """The key of a cursor. Raises BadRequestError."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        key = json.loads(text)
    except (binascii.Error, ValueError):
        key = None
    if not isinstance(key, list) or len(key) != length or not all(map(_is_part, key)):
        raise BadRequestError("is not a cursor of this list", field="before")
    return tuple(key)


def _is_part(part: object) -> bool:
    if isinstance(part, str):
        return part.isprintable()  # neither a NUL nor half a pair, which no database takes
    return isinstance(part, int) and not isinstance(part, bool) and abs(part) < 2**63

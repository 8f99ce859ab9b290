"""Weekly reports and monthly notices, as rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, insert, select

from hub.store.schema import bulletin


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One of them. kind: `weekly` or `monthly`. made_by: None where time made it."""

    id: str
    site: str
    kind: str
    since: int
    until: int
    made_at: int
    made_by: str | None
    figures: Mapping[str, Any]


_NAMES: Final = Bulletin.__slots__


def put_bulletin(connection: Connection, one: Bulletin) -> bool:
    """Keep it; False when one of this id is there: what time made is made once."""
    known = select(bulletin.c.id).where(bulletin.c.id == one.id)
    if connection.scalar(known) is not None:
        return False
    values = {name: getattr(one, name) for name in _NAMES}
    connection.execute(insert(bulletin).values(**values | {"figures": dict(one.figures)}))
    return True


def has_bulletin(connection: Connection, name: str) -> bool:
    """There is one of this id."""
    return connection.scalar(select(bulletin.c.id).where(bulletin.c.id == name)) is not None

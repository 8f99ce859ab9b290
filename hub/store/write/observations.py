"""Stored observations, the passages in them, and the devices' own record numbers."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, insert, select

from hub.store.schema import observation, passage, source_record

_CHUNK: Final = 500
"""Values in one IN list; SQLite's own limit is far higher, a statement this long is not reused."""

SourceKey = tuple[str, str, str]
"""(site, device, source_id)"""


def insert_observations(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Rows of the table `observation`; their key is new, or IntegrityError is raised."""
    if rows:
        connection.execute(insert(observation), rows)


def insert_passages(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Rows of the table `passage`."""
    if rows:
        connection.execute(insert(passage), rows)


def known_sources(connection: Connection, keys: Iterable[SourceKey]) -> set[SourceKey]:
    """Which of the devices' own records are stored already."""
    wanted = list(keys)
    found: set[SourceKey] = set()
    for start in range(0, len(wanted), _CHUNK):
        ids = {source_id for _, _, source_id in wanted[start : start + _CHUNK]}
        rows = connection.execute(
            select(source_record.c.site, source_record.c.device, source_record.c.source_id).where(
                source_record.c.site.in_({site for site, _, _ in wanted[start : start + _CHUNK]}),
                source_record.c.device.in_({name for _, name, _ in wanted[start : start + _CHUNK]}),
                source_record.c.source_id.in_(ids),
            )
        )
        found.update((row.site, row.device, row.source_id) for row in rows)
    return found


def insert_sources(connection: Connection, keys: Iterable[SourceKey], now: int) -> None:
    """Remember the devices' own records; they must be new."""
    rows = [
        {"site": site, "device": device, "source_id": source_id, "received_at": now}
        for site, device, source_id in keys
    ]
    if rows:
        connection.execute(insert(source_record), rows)

"""Stored observations, the passages in them, and the devices' own record numbers."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import JSON, Connection, Table, insert, select

from hub.database.jsontext import compact
from hub.database.prepared import Prepared
from hub.database.upsert import upsert
from hub.rules import Finding
from hub.store.schema import observation, passage, source_record
from hub.traces import PassageResult

_CHUNK: Final = 500
"""Values in one IN list; SQLite's own limit is far higher, a statement this long is not reused."""

_NO_STREAM: Final = 0
"""Streams are numbered from 1."""

SourceKey = tuple[str, str, str]
"""(site, device, source_id)"""


def insert_observations(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Rows of the table `observation`; their key is new, or IntegrityError is raised."""
    _OBSERVATION.add(connection, rows)


def insert_passages(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Rows of the table `passage`."""
    _PASSAGE.add(connection, rows)


def insert_found(
    connection: Connection,
    site: str,
    finding: Finding,
    result: PassageResult,
    way: str | None,
    now: int,
) -> None:
    """A passage that no device has told, but that a rule found: once, however often it is found."""
    what = f"{site}|{finding.device}|{result}|{finding.at}".encode()
    number = int.from_bytes(hashlib.sha256(what).digest()[:8], "big") >> 1
    told = (site, finding.device, finding.at, now, finding.late, way, result.value)
    _FOUND.many(connection, [(*told, _NO_STREAM, number, 0)])


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
    _SOURCE.many(connection, [(*key, now) for key in keys])


class _Rows:
    """A table's rows as dicts, of all its columns but a number that the database draws."""

    def __init__(self, table: Table) -> None:
        columns = [column for column in table.columns if column.name != "id"]
        self._columns = [(column.name, isinstance(column.type, JSON)) for column in columns]
        self._insert = Prepared(insert(table), [column.name for column in columns])

    def add(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        self._insert.many(connection, [self._tuple(row) for row in rows])

    def _tuple(self, row: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(
            compact(row[name]) if is_json and row[name] is not None else row[name]
            for name, is_json in self._columns
        )


_OBSERVATION: Final = _Rows(observation)
_PASSAGE: Final = _Rows(passage)
_SOURCE: Final = Prepared(insert(source_record), ("site", "device", "source_id", "received_at"))
_FOUND: Final = Prepared(
    upsert(passage).on_conflict_do_nothing(),
    (
        "site",
        "device",
        "at",
        "received_at",
        "late",
        "direction",
        "result",
        "stream_id",
        "seq",
        "idx",
    ),
)

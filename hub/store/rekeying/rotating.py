"""Takes each keyed hash from an old key to a new one, a few thousand rows a transaction.

What a hash was made of is opened from under its seal, wherever a table keeps one; from these come
pairs of old and new hash, which are then put in the place of the old in every column that
`columns` lists. A hash that is new already is no old one: after a crash it is all done once more.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from sqlalchemy import Column, Connection, Engine, Table, delete, func, select, update

from hub.store.rekeying.columns import HASHES, LISTED_ANEW, TEXTS
from hub.store.schema import credential, observation, passage, passer, person, watch_entry
from hub.store.seal import Seal

CHUNK: Final = 2_000
MARK: Final = 12
"""Hex digits by which people speak of a subject (`hub.access.looking`)."""

_HASH: Final = re.compile(r"\b[0-9a-f]{64}\b")

SEALED: Final = (passer, credential, watch_entry, passage)
"""Tables with `site`, `subject` and, under seal, what the subject was made of."""

NAMES: Final = ((person.c.name, "name\n"), (person.c.phone, "phone\n"))
"""Columns under seal, and what is put before their value when it is hashed."""

Pairs = dict[str, dict[str, str]]
"""New hash by old, by site."""


@dataclass(slots=True)
class Rotation:
    """before, after: sealing with the same key, hashing with the old and the new one.

    progress: told of each table.
    """

    writer: Engine
    before: Seal
    after: Seal
    progress: Callable[[str], None]
    pairs: Pairs = field(default_factory=dict)

    def run(self) -> int:
        """Do it all; how many different hashes there are."""
        with self.writer.connect() as connection, connection.begin():
            for table in SEALED:
                self._learn(connection, table)
            for column, label in NAMES:
                for site, sealed in connection.execute(
                    select(person.c.site, column).where(column.is_not(None))
                ):
                    self._pair(site, sealed, label)
            for row in connection.execute(
                select(observation.c.site, observation.c.sealed).where(
                    observation.c.sealed.is_not(None)
                )
            ):
                for sealed in (row.sealed or {}).values():
                    self._pair(row.site, bytes.fromhex(sealed))
        found = sum(map(len, self.pairs.values()))
        self.progress(f"{found} different hashes")
        for column in HASHES:
            self._hashes(column)
        for column in TEXTS:
            self._texts(column)
        with self.writer.connect() as connection, connection.begin():
            for column in LISTED_ANEW:
                connection.execute(delete(column.table))
            connection.execute(update(passer).values(listed=False))
        return found

    def _learn(self, connection: Connection, table: Table) -> None:
        """One sealed value for each subject of a table."""
        newest = (
            select(func.max(table.c.id))
            .where(table.c.sealed.is_not(None), table.c.subject.is_not(None))
            .group_by(table.c.site, table.c.subject)
        )
        for site, sealed in connection.execute(
            select(table.c.site, table.c.sealed).where(table.c.id.in_(newest))
        ):
            self._pair(site, sealed)

    def _pair(self, site: str, sealed: bytes, label: str = "") -> None:
        try:
            value = label + self.before.open(site, sealed).decode()
        except (InvalidTag, ValueError):
            return
        pairs = self.pairs.setdefault(site, {})
        pairs[self.before.hash(site, value)] = self.after.hash(site, value)

    def _hashes(self, column: Column[Any]) -> None:
        table, changed = column.table, 0
        for site, pairs in self.pairs.items():
            known = {**pairs, **{old[:MARK]: new[:MARK] for old, new in pairs.items()}}
            with self.writer.connect() as connection, connection.begin():
                found = select(column).where(table.c.site == site).distinct()
                there = [one for one in connection.scalars(found) if one in known]
            for first in range(0, len(there), CHUNK):
                with self.writer.connect() as connection, connection.begin():
                    for old in there[first : first + CHUNK]:
                        mine = (table.c.site == site, column == old)
                        connection.execute(
                            update(table).where(*mine).values({column.name: known[old]})
                        )
                        changed += 1
        self.progress(f"{table.name}.{column.name}: {changed} hashes")

    def _texts(self, column: Column[Any]) -> None:
        table, changed = column.table, 0
        for keys in self._keys(table):
            with self.writer.connect() as connection, connection.begin():
                for key in keys:
                    mine = [one == value for one, value in zip(table.primary_key, key, strict=True)]
                    row = connection.execute(select(table.c.site, column).where(*mine)).one()
                    pairs = self.pairs.get(row[0], {})
                    text = row[1] if isinstance(row[1], str) else json.dumps(row[1])
                    after = _renewed(text, pairs)
                    if after != text:
                        value = after if isinstance(row[1], str) else json.loads(after)
                        connection.execute(update(table).where(*mine).values({column.name: value}))
                        changed += 1
        self.progress(f"{table.name}.{column.name}: {changed} rows")

    def _keys(self, table: Table) -> Iterator[list[tuple[Any, ...]]]:
        """Primary keys of the rows that may hold a hash, some at a time."""
        wanted = select(*table.primary_key)
        if table is observation:
            wanted = wanted.where(observation.c.sealed.is_not(None))
        with self.writer.connect() as connection, connection.begin():
            keys = [tuple(row) for row in connection.execute(wanted)]
        for first in range(0, len(keys), CHUNK):
            yield keys[first : first + CHUNK]


def _renewed(text: str, pairs: dict[str, str]) -> str:
    """The text with each hash that has a new one in its place."""
    return _HASH.sub(lambda found: pairs.get(found[0], found[0]), text)

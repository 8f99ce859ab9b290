"""Takes what is under seal from an old sealing key to a new one, a few thousand rows a transaction.

What opens with the new key is done already, so that after a crash it all goes on where it was.
What opens with neither is left as it is, and counted: the old key would not open it either.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from sqlalchemy import Column, Engine, bindparam, select, tuple_, update

from hub.store.rekeying.columns import SEALED
from hub.store.schema import export
from hub.store.seal import Seal

CHUNK: Final = 2_000


@dataclass(slots=True)
class Resealing:
    """before, after: sealing with the old and the new key. progress: told of each column.

    exports: the folder with files of exports. done, lost: values that were sealed anew, and that
    open with neither key.
    """

    writer: Engine
    before: Seal
    after: Seal
    exports: Path
    progress: Callable[[str], None]
    done: int = 0
    lost: int = 0

    def run(self) -> None:
        """Do it all."""
        for column, label in SEALED.items():
            before = self.done
            self._column(column, label)
            self.progress(f"{column.table.name}.{column.name}: {self.done - before} values")
        self._files()

    def _column(self, column: Column[Any], label: str | None) -> None:
        """label: in the place of a site; None for tables whose rows name theirs."""
        table = column.table
        keys = tuple(table.primary_key)
        named = [table.c.site] if label is None else []
        wanted = select(*keys, column, *named).where(column.is_not(None)).order_by(*keys)
        matches = [key == bindparam(f"key_{key.name}") for key in keys]
        change = update(table).where(*matches).values({column.name: bindparam("fresh")})
        last: tuple[Any, ...] | None = None
        while True:
            page = wanted if last is None else wanted.where(tuple_(*keys) > last)
            with self.writer.connect() as connection, connection.begin():
                rows = connection.execute(page.limit(CHUNK)).all()
                changes = []
                for row in rows:
                    value = row[len(keys)]
                    fresh = self._fresh(row[-1] if label is None else label, value)
                    if fresh != value:
                        mine = {f"key_{key.name}": row[at] for at, key in enumerate(keys)}
                        changes.append({**mine, "fresh": fresh})
                if changes:
                    connection.execute(change, changes)
            if len(rows) < CHUNK:
                return
            last = tuple(rows[-1][: len(keys)])

    def _fresh(self, site: str, value: Any) -> Any:
        """The value under the new key; JSON holds several, by name, in hex."""
        if isinstance(value, Mapping):
            return {
                name: self._sealed(site, bytes.fromhex(sealed)).hex()
                for name, sealed in value.items()
            }
        return self._sealed(site, value)

    def _sealed(self, site: str, sealed: bytes) -> bytes:
        if _opened(self.after, site, sealed) is not None:
            return sealed
        plain = _opened(self.before, site, sealed)
        if plain is None:
            self.lost += 1
            return sealed
        self.done += 1
        return self.after.seal(site, plain)

    def _files(self) -> None:
        """Files of exports; each is whole at any moment, under one key or the other."""
        sites = self._sites()
        before = self.done
        for path in sorted(self.exports.glob("*.sealed")):
            site = sites.get(path.stem)
            if site is None:  # its record is gone, and the hub will remove it too
                path.unlink()
                continue
            sealed = path.read_bytes()
            fresh = self._sealed(site, sealed)
            if fresh is not sealed:
                _put(path, fresh)
        self.progress(f"files of exports: {self.done - before}")

    def _sites(self) -> dict[str, str]:
        with self.writer.connect() as connection, connection.begin():
            return {
                row.id: row.site for row in connection.execute(select(export.c.id, export.c.site))
            }


def _opened(seal: Seal, site: str, sealed: bytes) -> bytes | None:
    try:
        return seal.open(site, sealed)
    except (InvalidTag, ValueError):  # another key; or too short to be sealed at all
        return None


def _put(path: Path, content: bytes) -> None:
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)

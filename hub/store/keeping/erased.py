"""Who was erased, in a list beside the database: a restored backup is made to forget them again.

It names nobody: it holds ids of entries that are gone. Lines of JSON, only added to.
"""

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from hub.access.audit import Act
from hub.errors import NotFoundError
from hub.store.keeping import erasing, requests
from hub.store.people.trail import append_act
from hub.store.seal import Seal

FILE: Final = "erased.jsonl"
BY: Final = "restore"


@dataclass(frozen=True, slots=True)
class Erased:
    """An erasure that was signed. at: ms. id: of the request; target: of what was erased."""

    at: int
    site: str
    id: str
    kind: str
    target: str


def note_erased(folder: Path, one: Erased) -> None:
    """Add it to the list, down to the disk. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(one), sort_keys=True) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_erased(folder: Path) -> list[Erased] | None:
    """The list; None where there is none. A last line that was cut off is no line."""
    path = folder / FILE
    if not path.is_file():
        return None
    lines = path.read_text(encoding="utf-8").split("\n")
    return [Erased(**json.loads(line)) for line in lines[:-1]]


def erase_again(
    writer: Engine,
    seal: Seal,
    listed: Iterable[Erased],
    *,
    remove: Callable[[str, str], None],
    now: int,
) -> int:
    """Erase whoever of the list is there; how many were. remove: a file, by site and hash.

    Nobody else writes meanwhile. What a case needs stays, as it did then.
    """
    done = 0
    for one in listed:
        with writer.connect() as connection, connection.begin():
            try:
                whose = erasing.whose(connection, one.site, one.kind, one.target)
            except NotFoundError:
                continue
            found = erasing.find(connection, whose, seal)
        for step in erasing.steps(whose, found, now):
            with writer.connect() as connection, connection.begin():
                gone = step(connection)
            for sha256 in gone:
                remove(one.site, sha256)
        report = {"erased": found.erased, "kept": found.kept}
        act = Act(now, BY, "erasure.again", one.id, site=one.site, detail={"report": report})
        with writer.connect() as connection, connection.begin():
            requests.close_again(connection, one.id, by=BY, report=report, now=now)
            erasing.remove_entries(connection, whose, found)
            append_act(connection, act)
        done += 1
    return done

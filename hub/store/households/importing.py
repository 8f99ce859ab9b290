"""Takes a list of residents in: tried out, as a whole or not at all, or line by line."""

import itertools
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Engine

from hub.errors import ConflictError
from hub.households import problem as said
from hub.households.columns import BY_ID, COLUMNS, columns_of
from hub.households.entry import Entry, EntryReader
from hub.households.lists import BadListError, read_list
from hub.households.planning import Changes, Planner, Sealing
from hub.households.problem import Problem
from hub.store.households.bulk import write_changes
from hub.store.households.known import read_known

CHUNK: Final = 2_000
"""Lines in one transaction: some ten milliseconds, in which alarms wait. A list that is taken as a
whole is one transaction, however long it is."""

TRIES: Final = 3
MOST_TOLD: Final = 500
"""Problems that are told; the others are counted."""


class ListMode(StrEnum):
    """What becomes of a list."""

    TRY = "try"  # nothing is written
    WHOLE = "whole"  # all of it, or nothing where one line is wrong
    LINES = "lines"  # every line that is right


@dataclass(slots=True)
class Outcome:
    """What a list says. applied: it was written. Counts are of rows that it adds or changes."""

    mode: ListMode
    applied: bool = False
    lines: int = 0
    households: int = 0
    people: int = 0
    credentials: int = 0
    tags: int = 0
    changed: int = 0
    problems: list[Problem] = field(default_factory=list)
    wrong: int = 0

    def add(self, changes: Changes) -> None:
        """Count what is planned."""
        self.households += len(changes.households)
        self.people += len(changes.people)
        self.credentials += len(changes.credentials)
        self.tags += len(changes.tags)
        self.changed += changes.changed

    def tell(self, problems: list[Problem]) -> None:
        """Count a line that is wrong."""
        self.wrong += 1
        self.problems += problems[: MOST_TOLD - len(self.problems)]

    @property
    def counts(self) -> dict[str, Any]:
        """For the audit trail."""
        names = ("lines", "households", "people", "credentials", "tags", "changed", "wrong")
        return {"mode": self.mode.value, **{name: getattr(self, name) for name in names}}


Write = Callable[[Callable[[Connection], int]], int]
"""Runs work in a transaction of the hub's writer, and waits for its commit."""


@dataclass(frozen=True, slots=True)
class Importer:
    """Lists of one site; blocks, so that it runs in a thread of its own.

    buildings, tags: ids by folded words. record: puts what was done on the audit trail, in the
    transaction of its first rows. now: ms.
    """

    site: str
    buildings: dict[str, str]
    tags: dict[str, str]
    sealing: Sealing
    utc_offset: float
    reader: Engine
    write: Write
    record: Callable[[Connection, Outcome], None]
    now: Callable[[], int]

    def run(self, data: bytes, mode: ListMode) -> Outcome:
        """Take the file in. Raises BadListError, and ConflictError where others go on changing."""
        for _ in range(TRIES - 1):
            try:
                return self._run(data, mode)
            except ConflictError:
                continue
        return self._run(data, mode)

    def _run(self, data: bytes, mode: ListMode) -> Outcome:
        now, outcome = self.now(), Outcome(mode)
        with self.reader.connect() as connection, connection.begin():
            known = read_known(connection, self.site, now)
        sealing = self.sealing.unsealed() if mode is ListMode.TRY else self.sealing
        planner = Planner(known, sealing, _ids(now).__next__, now)
        revision = known.revision
        chunks = [chunk for chunk in self._planned(data, planner, outcome) if chunk]
        if mode is ListMode.TRY or (mode is ListMode.WHOLE and outcome.wrong):
            return outcome
        outcome.applied = True
        if mode is ListMode.WHOLE:
            chunks = [_joined(chunks)]
        for number, chunk in enumerate(chunks or [Changes()]):
            revision = self.write(self._work(chunk, outcome, number, revision))
        return outcome

    def _work(
        self, chunk: Changes, outcome: Outcome, number: int, revision: int
    ) -> Callable[[Connection], int]:
        def work(connection: Connection) -> int:
            after = write_changes(connection, self.site, chunk, now=self.now(), after=revision)
            if number == 0:
                self.record(connection, outcome)
            return after

        return work

    def _planned(self, data: bytes, planner: Planner, outcome: Outcome) -> Iterator[Changes]:
        for entry in self._entries(data, outcome):
            fault = planner.take(entry)
            if fault is not None:
                outcome.tell([fault])
            if outcome.lines % CHUNK == 0:
                changes = planner.take_changes()
                outcome.add(changes)
                yield changes
        changes = planner.take_changes()
        outcome.add(changes)
        yield changes

    def _entries(self, data: bytes, outcome: Outcome) -> Iterator[Entry]:
        rows = read_list(data)
        columns = columns_of(rows.header)
        _check_header(columns)
        reader = EntryReader(columns, self.buildings, self.tags, self.utc_offset)
        formulas = {
            line: place
            for line, place in sorted(rows.formulas, reverse=True)
            if place < len(columns) and columns[place] is not None
        }
        for line, cells in rows.lines:
            if line in formulas:
                outcome.lines += 1
                outcome.tell([Problem(line, columns[formulas[line]], *said.FORMULA)])
                continue
            entry = reader.read(line, cells)
            if entry is None:
                continue
            outcome.lines += 1
            if isinstance(entry, Entry):
                yield entry
            else:
                outcome.tell(entry)


def _ids(now: int) -> Iterator[str]:
    """Ids of rows, each behind the one before: an index grows at its end, several times as fast."""
    run = f"{now:011x}{secrets.token_hex(6)}"
    for number in itertools.count():
        yield f"{run}{number:09x}"


def _check_header(columns: list[str | None]) -> None:
    known = [one for one in columns if one is not None]
    for one in COLUMNS:
        if one.needed and one.id not in known:
            missing = f"{one.name.zh} / {one.name.en}"
            raise BadListError(f"the first line names no column {missing}: take the template")
        if known.count(one.id) > 1:
            name = BY_ID[one.id].name
            raise BadListError(f"the column {name.zh} / {name.en} is there twice")


def _joined(chunks: list[Changes]) -> Changes:
    whole = Changes()
    for chunk in chunks:
        for name in Changes.__slots__:
            getattr(whole, name).extend(getattr(chunk, name))
    return whole

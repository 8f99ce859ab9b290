"""Evidence as answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from hub.access.roles import Actor
from hub.api.directory import Directory
from hub.api.models.base import Page
from hub.api.models.evidence import Evidence, EvidenceState
from hub.cases import concerned
from hub.errors import NotFoundError
from hub.store.reads import evidence as reads
from hub.store.reads.cases import one_case
from hub.store.reads.page import Record
from hub.store.rows import case_of
from hub.store.write.evidence import COMING, STORED
from hub.store.write.evidence_retention import DAY_MS


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where evidence stands: names by the directory, and how many days each class is kept."""

    directory: Directory
    days: Mapping[str, int]


def evidence_page(
    reader: Connection, shelf: Shelf, site: str, query: reads.EvidenceQuery
) -> Page[Evidence]:
    """A page of evidence."""
    found = reads.evidence_rows(reader, site, query)
    return Page(items=[_show(row, shelf) for row in found.records], next=found.next)


def one_evidence(reader: Connection, shelf: Shelf, site: str, name: str) -> Evidence:
    """One piece, by its id or its hash. Raises NotFoundError."""
    row = reads.one_evidence(reader, site, name)
    if row is None:
        raise NotFoundError("evidence", name)
    return _show(row, shelf)


def check_own(reader: Connection, actor: Actor, site: str, case: str | None, what: str) -> None:
    """People of a department see what belongs to cases that concern it. Raises NotFoundError."""
    if actor.department is None:
        return
    row = None if case is None else one_case(reader, site, case)
    if row is None or not concerned(case_of(row), actor.department):
        raise NotFoundError("evidence", what)


def own_evidence(
    reader: Connection, shelf: Shelf, actor: Actor, *, site: str, name: str
) -> Evidence:
    """As `one_evidence`, of what this person may see, or took themselves. Raises NotFoundError."""
    row = reads.one_evidence(reader, site, name)
    if row is None:
        raise NotFoundError("evidence", name)
    if row["by"] != actor.name:
        check_own(reader, actor, site, reads.case_of_evidence(reader, row), name)
    return _show(row, shelf)


def _show(row: Record, shelf: Shelf) -> Evidence:
    device = row["device"] or None
    name = None if device is None else shelf.directory.subject(row["site"], device)[0]
    return Evidence(
        id=row["id"],
        site=row["site"],
        device=device,
        device_name=name,
        by=row["by"],
        kind=row["kind"],
        state=_state(row["state"]),
        alert=row["alert"],
        of=row["of"],
        from_at=row["from_at"],
        to_at=row["to_at"],
        sha256=row["sha256"],
        size=row["size"],
        content_type=row["content_type"],
        failed=row["failed"],
        created_at=row["created_at"],
        stored_at=row["stored_at"],
        kept_until=_kept_until(row, shelf.days),
    )


def _kept_until(row: Record, days: Mapping[str, int]) -> int | None:
    if row["state"] != STORED or row["of_open_case"] or row["kind"] not in days:
        return None
    return int(row["stored_at"]) + days[row["kind"]] * DAY_MS


def _state(stored: str) -> EvidenceState:
    if stored in COMING:
        return "coming"
    if stored == "stored":
        return "stored"
    return "removed" if stored == "removed" else "failed"

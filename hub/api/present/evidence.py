"""Evidence as answers."""

from sqlalchemy import Connection

from hub.api.directory import Directory
from hub.api.models.base import Page
from hub.api.models.evidence import Evidence, EvidenceState
from hub.errors import NotFoundError
from hub.store.reads import evidence as reads
from hub.store.reads.page import Record
from hub.store.write.evidence import COMING


def evidence_page(
    reader: Connection, directory: Directory, site: str, query: reads.EvidenceQuery
) -> Page[Evidence]:
    """A page of evidence."""
    found = reads.evidence_rows(reader, site, query)
    return Page(items=[_show(row, directory) for row in found.records], next=found.next)


def one_evidence(reader: Connection, directory: Directory, site: str, name: str) -> Evidence:
    """One piece, by its id or its hash. Raises NotFoundError."""
    row = reads.one_evidence(reader, site, name)
    if row is None:
        raise NotFoundError("evidence", name)
    return _show(row, directory)


def _show(row: Record, directory: Directory) -> Evidence:
    name, _ = directory.subject(row["site"], row["device"])
    return Evidence(
        id=row["id"],
        site=row["site"],
        device=row["device"],
        device_name=name,
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
    )


def _state(stored: str) -> EvidenceState:
    if stored in COMING:
        return "coming"
    if stored == "stored":
        return "stored"
    return "removed" if stored == "removed" else "failed"

"""Evidence as it is asked for."""

from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from hub.store.reads.page import Record, RecordPage, page
from hub.store.schema import alert, evidence
from hub.store.write.evidence import ANNOUNCED, STORED


@dataclass(frozen=True, slots=True)
class EvidenceQuery:
    """Which evidence; None means any. A plate camera's own pictures belong to the passages."""

    alert: str | None = None
    case: str | None = None
    device: str | None = None
    limit: int = 100
    before: str | None = None


def evidence_rows(connection: Connection, site: str, query: EvidenceQuery) -> RecordPage:
    """Evidence, newest first."""
    found = select(evidence).where(evidence.c.site == site, evidence.c.kind != "picture")
    if query.alert is not None:
        found = found.where(evidence.c.alert == query.alert)
    if query.case is not None:
        mine = select(alert.c.id).where(alert.c.site == site, alert.c.case_id == query.case)
        found = found.where(evidence.c.alert.in_(mine))
    if query.device is not None:
        found = found.where(evidence.c.device == query.device)
    key = (evidence.c.from_at, evidence.c.id)
    return page(connection, found, key, limit=query.limit, cursor=query.before)


def one_evidence(connection: Connection, site: str, name: str) -> Record | None:
    """The piece with this id, or the stored picture with this hash."""
    found = select(evidence).where(
        evidence.c.site == site, or_(evidence.c.id == name, evidence.c.sha256 == name)
    )
    stored_first = (evidence.c.state == STORED).desc()
    return connection.execute(found.order_by(stored_first).limit(1)).mappings().first()


@dataclass(frozen=True, slots=True)
class Awaited:
    """Bytes that an agent may bring. size: None where it was not said beforehand."""

    size: int | None
    stored: bool


def awaited(connection: Connection, *, site: str, agent: str, sha256: str) -> Awaited | None:
    """What is known of these bytes; None when this agent did not announce them."""
    rows = connection.execute(
        select(evidence.c.size, evidence.c.state).where(
            evidence.c.site == site,
            evidence.c.agent == agent,
            evidence.c.sha256 == sha256,
            evidence.c.state.in_((ANNOUNCED, STORED)),
        )
    ).all()
    if not rows:
        return None
    sizes = [row.size for row in rows if row.size is not None]
    return Awaited(sizes[0] if sizes else None, all(row.state == STORED for row in rows))

"""Evidence as it is asked for."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, exists, func, or_, select

from hub.store.reads.page import Record, RecordPage, page
from hub.store.schema import alert, evidence
from hub.store.write.evidence import ANNOUNCED, STORED
from hub.store.write.evidence_retention import of_open_case
from hub.store.write.photos import PHOTO

AROUND_MS: Final = 60_000
"""Pictures so long before an alert began, and after it returned, belong to it."""

_PICTURE: Final = "picture"


@dataclass(frozen=True, slots=True)
class EvidenceQuery:
    """Which evidence; None means any.

    pictures: those that a device took by itself too: of an alert or a case, the ones taken around
        it. They are access traces, so whoever asks for them has stated a purpose.
    """

    alert: str | None = None
    case: str | None = None
    device: str | None = None
    pictures: bool = False
    limit: int = 100
    before: str | None = None


def evidence_rows(connection: Connection, site: str, query: EvidenceQuery) -> RecordPage:
    """Evidence, newest first; a photo only once it belongs to a case."""
    found = _rows().where(evidence.c.site == site)
    if not query.pictures:
        found = found.where(evidence.c.kind != _PICTURE)
    if query.alert is not None:
        found = found.where(_of(alert.c.id == query.alert))
    found = found.where(or_(evidence.c.kind != PHOTO, evidence.c.case_id.is_not(None)))
    if query.case is not None:
        own = evidence.c.case_id == query.case
        found = found.where(or_(own, _of(alert.c.case_id == query.case)))
    if query.device is not None:
        found = found.where(evidence.c.device == query.device)
    key = (evidence.c.from_at, evidence.c.id)
    return page(connection, found, key, limit=query.limit, cursor=query.before)


def one_evidence(connection: Connection, site: str, name: str) -> Record | None:
    """The piece with this id, or the stored picture with this hash."""
    found = _rows().where(
        evidence.c.site == site, or_(evidence.c.id == name, evidence.c.sha256 == name)
    )
    stored_first = (evidence.c.state == STORED).desc()
    return connection.execute(found.order_by(stored_first).limit(1)).mappings().first()


def case_of_evidence(connection: Connection, piece: Record) -> str | None:
    """The case that a piece belongs to, by itself or by its alert."""
    if piece["case_id"] is not None or piece["alert"] is None:
        own: str | None = piece["case_id"]
        return own
    found = select(alert.c.case_id).where(alert.c.id == piece["alert"])
    return connection.scalar(found)


def _rows() -> Select[Any]:
    return select(evidence, of_open_case().label("of_open_case"))


def _of(alerts: ColumnElement[bool]) -> ColumnElement[bool]:
    """Made for one of these alerts, or taken by their own device around them."""
    over = func.coalesce(alert.c.returned_at, alert.c.at) + AROUND_MS
    around = evidence.c.from_at.between(alert.c.at - AROUND_MS, over)
    mine = or_(
        evidence.c.alert == alert.c.id,
        (evidence.c.kind == _PICTURE) & (evidence.c.device == alert.c.device) & around,
    )
    return exists(select(alert.c.id).where(alert.c.site == evidence.c.site, alerts, mine))


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

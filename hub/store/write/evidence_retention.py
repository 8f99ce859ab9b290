"""Which evidence has been kept long enough, or must make room; its files go after the commit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, exists, func, or_, select, update

from hub.store.schema import alert, case_, evidence
from hub.store.write.evidence import ANNOUNCED, COMING, FAILED, REMOVED, STORED
from hub.store.write.held import held_evidence
from hub.store.write.photos import PHOTO

DAY_MS: Final = 24 * 3_600_000
CHUNK: Final = 200
_NEVER_CAME_DAYS: Final = 7
_UNUSED_MS: Final = DAY_MS
"""A photo that nobody said anything about for so long was not meant."""


@dataclass(frozen=True, slots=True)
class KeepEvidence:
    """days: by class, from when it was stored; rows_days: the record of what is gone.

    Evidence of a case that is open, or held, is kept however old it is.
    """

    days: Mapping[str, int]
    rows_days: int
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Gone:
    """Bytes that no piece of the site needs any more."""

    site: str
    sha256: str


def remove_aged(connection: Connection, keep: KeepEvidence, now: int) -> list[Gone]:
    """Take what is too old off the books."""
    too_old = or_(
        *(
            (evidence.c.kind == kind) & (evidence.c.stored_at < now - days * DAY_MS)
            for kind, days in keep.days.items()
        )
    )
    unused = (
        (evidence.c.kind == PHOTO)
        & evidence.c.case_id.is_(None)
        & (evidence.c.stored_at < now - _UNUSED_MS)
    )
    return _remove(connection, or_(unused, too_old & ~of_open_case() & ~held_evidence()), now)


def make_room(connection: Connection, keep: KeepEvidence, now: int) -> list[Gone]:
    """Take the oldest off the books while all together weigh too much.

    Open cases' come last, and what is held never.
    """
    total = total_bytes(connection)
    for spared in (~of_open_case(), of_open_case()):
        if total <= keep.max_bytes:
            return []
        found = connection.execute(
            select(evidence.c.id, evidence.c.size)
            .where(evidence.c.state == STORED, spared, ~held_evidence())
            .order_by(evidence.c.stored_at, evidence.c.id)
            .limit(CHUNK)
        ).all()
        doomed: list[str] = []
        for row in found:
            if total <= keep.max_bytes:
                break
            doomed.append(row.id)
            total -= row.size or 0
        if doomed:
            return _remove(connection, evidence.c.id.in_(doomed), now)
    return []


def total_bytes(connection: Connection) -> int:
    """What all stored evidence weighs."""
    found = select(func.sum(evidence.c.size)).where(evidence.c.state == STORED)
    return int(connection.scalar(found) or 0)


def end_waiting(connection: Connection, now: int) -> int:
    """What was announced long ago and never came has failed."""
    return connection.execute(
        update(evidence)
        .where(
            evidence.c.state == ANNOUNCED, evidence.c.updated_at < now - _NEVER_CAME_DAYS * DAY_MS
        )
        .values(state=FAILED, failed="it never arrived", updated_at=now)
    ).rowcount


def forget(connection: Connection, keep: KeepEvidence, now: int) -> int:
    """Remove the records of what is long gone."""
    old = (
        select(evidence.c.id)
        .where(
            evidence.c.state.not_in((STORED, *COMING)),
            ~held_evidence(),
            evidence.c.updated_at < now - keep.rows_days * DAY_MS,
        )
        .limit(CHUNK)
    )
    return connection.execute(delete(evidence).where(evidence.c.id.in_(old))).rowcount


def is_coming(connection: Connection, site: str, sha256: str) -> bool:
    """Whether a piece with this hash is still waited for."""
    found = select(evidence.c.id).where(
        evidence.c.site == site, evidence.c.sha256 == sha256, evidence.c.state == ANNOUNCED
    )
    return connection.scalar(found.limit(1)) is not None


def of_open_case() -> ColumnElement[bool]:
    """Whether a row of evidence belongs to a case that is open."""
    of_alert = exists(
        select(alert.c.id)
        .join(case_, case_.c.id == alert.c.case_id)
        .where(alert.c.id == evidence.c.alert, case_.c.closed_at.is_(None))
    )
    own = exists(
        select(case_.c.id).where(case_.c.id == evidence.c.case_id, case_.c.closed_at.is_(None))
    )
    return or_(of_alert, own)


def _remove(connection: Connection, doomed: ColumnElement[bool], now: int) -> list[Gone]:
    rows = connection.execute(
        select(evidence.c.id, evidence.c.site, evidence.c.sha256)
        .where(evidence.c.state == STORED, doomed)
        .limit(CHUNK)
    ).all()
    if not rows:
        return []
    connection.execute(
        update(evidence)
        .where(evidence.c.id.in_([row.id for row in rows]))
        .values(state=REMOVED, updated_at=now)
    )
    files = {(row.site, row.sha256) for row in rows if row.sha256}
    return [Gone(site, sha) for site, sha in sorted(files) if not _needed(connection, site, sha)]


def _needed(connection: Connection, site: str, sha256: str) -> bool:
    found = select(evidence.c.id).where(
        evidence.c.site == site, evidence.c.sha256 == sha256, evidence.c.state == STORED
    )
    return connection.scalar(found.limit(1)) is not None

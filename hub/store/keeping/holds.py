"""Legal holds: what belongs to a case outlives its time, until the hold is over."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from hub.errors import ConflictError, NotFoundError
from hub.store.reads.page import Record, RecordPage, page
from hub.store.schema import alert, case_, hold_span, legal_hold
from hub.store.write.held import AROUND_MS


@dataclass(frozen=True, slots=True)
class Span:
    """What a device saw, from and until a moment, ms, both included."""

    device: str
    from_at: int
    to_at: int


@dataclass(frozen=True, slots=True)
class NewHold:
    """authority: who asks for it, such as a police station with its letter. until: ms.

    more: what else is kept, besides what the alarms of the case say by themselves.
    """

    id: str
    site: str
    case: str
    authority: str
    reason: str
    by: str
    until: int
    more: tuple[Span, ...] = ()


def place_hold(connection: Connection, new: NewHold, now: int) -> None:
    """Hold what belongs to a case. Raises NotFoundError for a case that is not of the site."""
    query = select(case_).where(case_.c.site == new.site, case_.c.id == new.case)
    case = connection.execute(query).mappings().one_or_none()
    if case is None:
        raise NotFoundError("case", new.case)
    connection.execute(
        insert(legal_hold).values(
            id=new.id,
            site=new.site,
            case_id=new.case,
            authority=new.authority,
            reason=new.reason,
            placed_by=new.by,
            placed_at=now,
            until_at=new.until,
        )
    )
    spans = {(one.device, one.from_at): one for one in (*_spans(connection, case), *new.more)}
    if spans:
        rows = [
            {
                "hold": new.id,
                "site": new.site,
                "device": one.device,
                "from_at": one.from_at,
                "to_at": one.to_at,
            }
            for one in spans.values()
        ]
        connection.execute(insert(hold_span), rows)


def end_hold(
    connection: Connection, site: str, name: str, *, by: str, reason: str, now: int
) -> None:
    """Release it: what has outlived its time goes at the next sweep.

    Raises NotFoundError, and ConflictError for one that is over.
    """
    if one_hold(connection, site, name)["ended_at"] is not None:
        raise ConflictError("this hold is over already", code="hold-over")
    connection.execute(
        update(legal_hold)
        .where(legal_hold.c.id == name)
        .values(ended_at=now, ended_by=by, end_reason=reason)
    )


def one_hold(connection: Connection, site: str, name: str) -> Record:
    """One of a site. Raises NotFoundError."""
    query = select(legal_hold).where(legal_hold.c.site == site, legal_hold.c.id == name)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError("legal hold", name)
    return row


def hold_page(connection: Connection, site: str, *, limit: int, before: str | None) -> RecordPage:
    """The holds of a site, the newest first."""
    query = select(legal_hold).where(legal_hold.c.site == site)
    key = (legal_hold.c.placed_at, legal_hold.c.id)
    return page(connection, query, key, limit=limit, cursor=before)


def spans_of(connection: Connection, holds: Iterable[str]) -> dict[str, list[Span]]:
    """What each holds of devices."""
    found: dict[str, list[Span]] = {}
    query = select(hold_span).where(hold_span.c.hold.in_(list(holds)))
    for row in connection.execute(query.order_by(hold_span.c.from_at)).mappings():
        found.setdefault(row["hold"], []).append(Span(row["device"], row["from_at"], row["to_at"]))
    return found


def _spans(connection: Connection, case: Record) -> list[Span]:
    """What the alarms of a case, and its own device, saw around it."""
    query = select(alert).where(alert.c.site == case["site"], alert.c.case_id == case["id"])
    found = [
        _around(row["device"], row["at"], row["returned_at"] or row["at"])
        for row in connection.execute(query).mappings()
    ]
    if case["device"] is not None:
        found.append(_around(case["device"], case["opened_at"], case["opened_at"]))
    return found


def _around(device: str, begun: int, over: int) -> Span:
    return Span(device, begun - AROUND_MS, max(begun, over) + AROUND_MS)

"""Where everybody was last seen, and the forms by which plates are found again."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from sqlalchemy import (
    ColumnElement,
    Connection,
    case,
    delete,
    func,
    literal_column,
    or_,
    select,
    update,
)

from hub.database.prepared import Prepared
from hub.database.upsert import upsert
from hub.store.schema import passer, plate_form
from hub.store.seal import Seal
from hub.store.write.held import held_passer
from hub.traces.likeness import form_number, forms
from wire.plates import normalise

LISTED_AT_ONCE: Final = 50
"""Plates whose forms one transaction writes: some milliseconds."""


class Seen(NamedTuple):
    """Somebody at a device. way: `in` or `out` for who went through. Times are ms."""

    site: str
    subject: str
    plate: bool
    masked: str | None
    sealed: bytes | None
    head: str | None
    at: int
    received_at: int
    device: str
    way: str | None


def note_seen(connection: Connection, seen: Iterable[Seen], seal: Seal) -> None:
    """Keep the newest of everybody; the forms of plates that are new are written too."""
    rows = _folded(seen)
    _NOTE.many(connection, rows)
    if any(row[2] for row in rows):
        list_plates(connection, seal)


def list_plates(connection: Connection, seal: Seal) -> int:
    """Write the forms of some plates that have none yet; how many plates.

    Those that were stored before there were forms come in turn.
    """
    unlisted = select(passer.c.id, passer.c.site, passer.c.sealed).where(_UNLISTED)
    found = connection.execute(unlisted.order_by(passer.c.id).limit(LISTED_AT_ONCE)).all()
    for one in found:
        keys = _keys(one.site, one.sealed, seal)
        if keys:
            rows = [{"form": key, "passer": one.id} for key in keys]
            connection.execute(upsert(plate_form).on_conflict_do_nothing(), rows)
        connection.execute(update(passer).where(passer.c.id == one.id).values(listed=True))
    return len(found)


def aged_passers(connection: Connection, before: int, limit: int) -> int:
    """Remove those of whom nothing was received since; how many.

    Of the others, the way they last went is forgotten once it is that old. Whoever a passage names
    that a legal hold keeps, stays with it: without this row nobody would find it again.
    """
    kept = held_passer()
    old = select(passer.c.id).where(passer.c.received_at < before, ~kept).limit(limit)
    ids = list(connection.scalars(old))
    _forget(connection, ids)
    nowhere = dict.fromkeys(("way", "way_at", "way_device"))
    for site in connection.scalars(select(passer.c.site).distinct()).all():
        mine = (passer.c.site == site, passer.c.way.in_(("in", "out")), passer.c.way_at < before)
        connection.execute(update(passer).where(*mine, ~kept).values(nowhere))
    return len(ids)


def _forget(connection: Connection, ids: list[int]) -> None:
    """Remove what is known of these, by the rows' own ids; their passages stay."""
    connection.execute(delete(plate_form).where(plate_form.c.passer.in_(ids)))
    connection.execute(delete(passer).where(passer.c.id.in_(ids)))


def _folded(seen: Iterable[Seen]) -> list[tuple[object, ...]]:
    """One row for each subject: the newest, and the newest way."""
    newest: dict[tuple[str, str], Seen] = {}
    ways: dict[tuple[str, str], Seen] = {}
    received: dict[tuple[str, str], int] = {}
    for one in seen:
        key = one.site, one.subject
        received[key] = max(received.get(key, 0), one.received_at)
        if key not in newest or newest[key].at <= one.at:
            newest[key] = one
        if one.way is not None and (key not in ways or ways[key].at <= one.at):
            ways[key] = one
    return [_row(one, received[key], ways.get(key)) for key, one in newest.items()]


def _row(one: Seen, received_at: int, went: Seen | None) -> tuple[object, ...]:
    way = (None, None, None) if went is None else (went.way, went.at, went.device)
    whose = (one.site, one.subject, one.plate, one.masked, one.sealed, one.head)
    return (*whose, one.at, received_at, *way, False)


def _keys(site: str, sealed: bytes | None, seal: Seal) -> list[int]:
    """The hashed forms of a plate; none where its seal cannot be opened any more."""
    try:
        plate = normalise(seal.open(site, sealed or b"").decode())
    except (InvalidTag, ValueError):
        return []
    return [form_number(seal.hash(site, form)) for form in forms(plate)]


_UNLISTED: Final[ColumnElement[bool]] = literal_column("plate AND NOT listed")

_COLUMNS: Final = tuple(column.name for column in passer.columns if column.name != "id")


def _note() -> Prepared:
    adding = upsert(passer)
    new, old = adding.excluded, passer.c
    newer = new.seen_at >= old.seen_at
    went_later = new.way.is_not(None) & or_(old.way_at.is_(None), new.way_at >= old.way_at)
    kept = {
        "plate": case((newer, new.plate), else_=old.plate),
        "masked": case((newer, new.masked), else_=old.masked),
        "sealed": func.coalesce(old.sealed, new.sealed),
        "head": case((newer, new.head), else_=old.head),
        "seen_at": case((newer, new.seen_at), else_=old.seen_at),
        "received_at": case(
            (new.received_at > old.received_at, new.received_at), else_=old.received_at
        ),
    }
    way = ("way", "way_at", "way_device")
    kept |= {name: case((went_later, new[name]), else_=old[name]) for name in way}
    done = adding.on_conflict_do_update(index_elements=["site", "subject"], set_=kept)
    return Prepared(done, _COLUMNS)


_NOTE: Final = _note()

"""The watchlist as rows, and what it hit."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from hub.store.schema import watch_entry, watch_hit
from hub.traces.watch import SAME_PASSAGE_MS, Sort, WatchEntry, WatchState


class Hit(NamedTuple):
    """An entry that a report hit. place: stream, number in it, place in the message."""

    entry: str
    place: tuple[int, int, int]
    site: str
    device: str
    at: int
    received_at: int


def add_watch(connection: Connection, entry: WatchEntry) -> None:
    """A new entry."""
    connection.execute(insert(watch_entry).values(asdict(entry)))


def find_watch(connection: Connection, site: str, name: str) -> WatchEntry | None:
    """One of a site, which nobody else changes until the transaction ends."""
    return find_entry(connection, site, name, lock=True)


def find_entry(
    connection: Connection, site: str, name: str, *, lock: bool = False
) -> WatchEntry | None:
    """One of a site, to look at."""
    found = select(watch_entry).where(watch_entry.c.site == site, watch_entry.c.id == name)
    row = connection.execute(found.with_for_update() if lock else found).one_or_none()
    return None if row is None else _entry(row)


def update_watch(connection: Connection, entry: WatchEntry) -> None:
    """An entry after a step."""
    connection.execute(
        update(watch_entry).where(watch_entry.c.id == entry.id).values(asdict(entry))
    )


def list_watch(connection: Connection, site: str, limit: int) -> list[WatchEntry]:
    """A site's entries, the newest first, whatever became of them."""
    found = select(watch_entry).where(watch_entry.c.site == site)
    newest = found.order_by(watch_entry.c.asked_at.desc(), watch_entry.c.id).limit(limit)
    return [_entry(row) for row in connection.execute(newest)]


def active_watch(connection: Connection) -> list[WatchEntry]:
    """All that is watched for, at any site; some of it may be over by time."""
    found = select(watch_entry).where(watch_entry.c.state == WatchState.ACTIVE.value)
    return [_entry(row) for row in connection.execute(found)]


def add_hit(connection: Connection, hit: Hit) -> bool:
    """Write a hit down; False when it is one more reading of a passage that was told."""
    table = watch_hit.c
    told = select(table.entry).where(
        table.entry == hit.entry,
        table.device == hit.device,
        table.at.between(hit.at - SAME_PASSAGE_MS, hit.at + SAME_PASSAGE_MS),
    )
    known = connection.execute(told.limit(1)).first() is not None
    stream_id, seq, idx = hit.place
    row = {"stream_id": stream_id, "seq": seq, "idx": idx, **hit._asdict()}
    row.pop("place")
    connection.execute(insert(watch_hit).values(row))
    return not known


def hits_of(connection: Connection, entry: str, limit: int) -> list[Row[Any]]:
    """What an entry hit, the newest first: device, at."""
    found = select(watch_hit.c.device, watch_hit.c.at).where(watch_hit.c.entry == entry)
    return list(connection.execute(found.order_by(watch_hit.c.at.desc()).limit(limit)))


def last_hits(connection: Connection, entries: Collection[str]) -> dict[str, tuple[int, int]]:
    """By entry: how many hits, and when the newest was."""
    table = watch_hit.c
    found = select(table.entry, func.count(), func.max(table.at))
    rows = connection.execute(found.where(table.entry.in_(entries)).group_by(table.entry))
    return {entry: (count, at) for entry, count, at in rows}


def end_over(connection: Connection, now: int, limit: int) -> int:
    """Write down that what is over by time has ended; how many."""
    table = watch_entry.c
    open_ = (WatchState.REQUESTED.value, WatchState.ACTIVE.value)
    over = select(table.id).where(table.state.in_(open_), table.until <= now).limit(limit)
    ended = update(watch_entry).where(table.id.in_(over))
    return connection.execute(
        ended.values(state=WatchState.ENDED.value, ended_at=table.until)
    ).rowcount


def forget_values(connection: Connection, before: int, limit: int) -> int:
    """Open no more who was watched for by what ended before then; how many."""
    table = watch_entry.c
    old = select(table.id).where(table.ended_at < before, table.sealed.is_not(None)).limit(limit)
    return connection.execute(
        update(watch_entry).where(table.id.in_(old)).values(sealed=None)
    ).rowcount


def remove_watch(connection: Connection, before: int, limit: int) -> int:
    """Remove what ended before then, with its hits; how many entries."""
    old = select(watch_entry.c.id).where(watch_entry.c.ended_at < before).limit(limit)
    ids = connection.scalars(old).all()
    connection.execute(delete(watch_hit).where(watch_hit.c.entry.in_(ids)))
    connection.execute(delete(watch_entry).where(watch_entry.c.id.in_(ids)))
    return len(ids)


def _entry(row: Row[Any]) -> WatchEntry:
    known = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return WatchEntry(**{**known, "sort": Sort(known["sort"]), "state": WatchState(known["state"])})

"""Points on their way to a server, in the hub's own database, in the pipeline's transaction.

So they are as durable as what was acknowledged to agents, and nothing in the line waits for a
server. When it is away for too long, the oldest make room: those that are not urgent first.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from sqlalchemy import Connection, delete, func, insert, select, update

from hub.telemetry.lines import line_of
from hub.telemetry.port import Point
from hub.telemetry.tables import telemetry_spool as spool


class Dropped(Protocol):
    """Counts the points of a site that had to make room."""

    def __call__(self, connection: Connection, site: str, points: int, *, urgent: bool) -> None:
        """Within the transaction in which they are removed."""
        ...


_AT_ONCE: Final = 50
_ROW_BYTES: Final = 64
"""What a row weighs besides its lines."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Points of one site that were stored together. lines: in InfluxDB's line protocol."""

    id: int
    site: str
    urgent: bool
    lines: tuple[bytes, ...]


class Spool:
    """Written by the writer's thread alone. max_bytes: what all may weigh.

    delivered: by urgency, up to which id the server has confirmed everything; set by whoever
    delivers. A parcel that makes room after that is no loss.
    """

    def __init__(self, *, max_bytes: int, dropped: Dropped) -> None:
        self._max_bytes = max_bytes
        self._dropped = dropped
        self._bytes: int | None = None
        self.delivered = {True: 0, False: 0}

    def append(self, connection: Connection, points: Sequence[Point]) -> None:
        """Keep the points until they are delivered, or too many."""
        parcels: dict[tuple[str, bool], list[str]] = {}
        for one in points:
            parcels.setdefault((one.site, one.urgent), []).append(line_of(one))
        if not parcels:
            return
        rows = [
            {"site": site, "urgent": urgent, "points": len(lines), **_packed(lines)}
            for (site, urgent), lines in parcels.items()
        ]
        before = self._weight(connection)
        connection.execute(insert(spool), rows)
        self._bytes = before + sum(row["size"] for row in rows)
        if self._bytes > self._max_bytes:
            self._make_room(connection)

    def remove(self, connection: Connection, ids: Sequence[int]) -> None:
        """Delivered, and safe there."""
        weight = self._weight(connection)
        for first in range(0, len(ids), _AT_ONCE):
            those = spool.c.id.in_(ids[first : first + _AT_ONCE])
            weight -= int(connection.scalar(select(func.sum(spool.c.size)).where(those)) or 0)
            connection.execute(delete(spool).where(those))
        self._bytes = weight

    def replace(self, connection: Connection, parcel: Parcel, lines: Sequence[bytes]) -> bool:
        """Leave only these lines in a parcel; False when it has made room meanwhile."""
        self.forget()
        if not lines:
            return connection.execute(delete(spool).where(spool.c.id == parcel.id)).rowcount > 0
        changed = update(spool).where(spool.c.id == parcel.id)
        packed = _packed([line.decode() for line in lines])
        return connection.execute(changed.values(points=len(lines), **packed)).rowcount > 0

    def forget(self) -> None:
        """Weigh it again: a transaction was rolled back."""
        self._bytes = None

    def _weight(self, connection: Connection) -> int:
        if self._bytes is not None:
            return self._bytes
        return int(connection.scalar(select(func.sum(spool.c.size))) or 0)

    def _make_room(self, connection: Connection) -> None:
        total = self._weight(connection)
        for urgent in (False, True):
            while total > self._max_bytes:
                oldest = connection.execute(
                    select(spool.c.id, spool.c.site, spool.c.points, spool.c.size)
                    .where(spool.c.urgent == urgent)
                    .order_by(spool.c.id)
                    .limit(_AT_ONCE)
                ).all()
                if not oldest:
                    break
                for row in oldest:
                    connection.execute(delete(spool).where(spool.c.id == row.id))
                    if row.id > self.delivered[urgent]:
                        self._dropped(connection, row.site, row.points, urgent=urgent)
                    total -= row.size
                    if total <= self._max_bytes:
                        break
        self._bytes = total


def waiting(connection: Connection, *, urgent: bool, after: int, points: int) -> list[Parcel]:
    """The next parcels behind `after`, of about so many points."""
    query = (
        select(spool)
        .where(spool.c.urgent == urgent, spool.c.id > after)
        .order_by(spool.c.id)
        .limit(_AT_ONCE)
    )
    found: list[Parcel] = []
    left = points
    for row in connection.execute(query):
        if found and row.points > left:
            break
        found.append(Parcel(row.id, row.site, row.urgent, _unpacked(row.body)))
        left -= row.points
    return found


def _packed(lines: Sequence[str]) -> dict[str, Any]:
    body = zlib.compress("\n".join(lines).encode(), level=1)
    return {"body": body, "size": len(body) + _ROW_BYTES}


def _unpacked(body: bytes) -> tuple[bytes, ...]:
    return tuple(zlib.decompress(body).split(b"\n"))

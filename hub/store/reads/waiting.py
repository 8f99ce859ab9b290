"""What waits for a second person, as rows: exports, the watchlist, times out of service, erasures.

Orders to open doors wait in memory alone (`hub.api.openings`).
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Select, Table, select

from hub.alerts import HoldKind, HoldState
from hub.store.reads.page import Record
from hub.store.schema import alarm_hold, erasure, export, household, person, watch_entry
from hub.traces.export import ExportState
from hub.traces.watch import WatchState

MOST: Final = 200
"""Of each sort; more than that nobody decides on in a day."""


@dataclass(frozen=True, slots=True)
class Requests:
    """What waits at a site, the oldest first. whose: by erasure, name and household, masked."""

    exports: list[Record]
    watches: list[Record]
    services: list[Record]
    erasures: list[Record]
    whose: dict[str, Record]


def requests(connection: Connection, site: str, now: int) -> Requests:
    """All of a site; none that is over by time."""
    erasures = _rows(connection, _asked(erasure, site, "asked").order_by(erasure.c.asked_at))
    services = _asked(alarm_hold, site, HoldState.REQUESTED.value).where(
        alarm_hold.c.kind == HoldKind.SERVICE.value, alarm_hold.c.until > now
    )
    return Requests(
        exports=_rows(connection, _in_time(export, site, ExportState.REQUESTED.value, now)),
        watches=_rows(connection, _in_time(watch_entry, site, WatchState.REQUESTED.value, now)),
        services=_rows(connection, services.order_by(alarm_hold.c.requested_at)),
        erasures=erasures,
        whose=_whose(connection, site, erasures),
    )


def _asked(table: Table, site: str, state: str) -> Select[tuple[object, ...]]:
    return select(table).where(table.c.site == site, table.c.state == state).limit(MOST)


def _in_time(table: Table, site: str, state: str, now: int) -> Select[tuple[object, ...]]:
    return _asked(table, site, state).where(table.c.until > now).order_by(table.c.asked_at)


def _rows(connection: Connection, query: Select[tuple[object, ...]]) -> list[Record]:
    return list(connection.execute(query).mappings())


def _whose(connection: Connection, site: str, erasures: list[Record]) -> dict[str, Record]:
    """Of whom data would go. Somebody who is off the register already is left out."""
    places = (household.c.building, household.c.entrance, household.c.room)
    people = select(person.c.id, person.c.name_masked, *places).join(
        household, household.c.id == person.c.household
    )
    homes = select(household.c.id, *places)
    wanted = [row["target"] for row in erasures]
    if not wanted:
        return {}
    found = {
        row["id"]: row
        for table, query in ((person, people), (household, homes))
        for row in _rows(connection, query.where(table.c.site == site, table.c.id.in_(wanted)))
    }
    return {row["id"]: found[row["target"]] for row in erasures if row["target"] in found}

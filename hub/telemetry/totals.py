"""How many points and rollups each site has; counting the rows would read them all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, select

from hub.database.upsert import upsert
from hub.telemetry.tables import telemetry_total


@dataclass(frozen=True, slots=True)
class Totals:
    """Points ever stored and ever purged, of which neither falls; rollup rows that there are."""

    stored: int = 0
    purged: int = 0
    rolled: int = 0


_NAMES: Final = tuple(Totals.__slots__)
_ADD: Final = upsert(telemetry_total).on_conflict_do_update(
    index_elements=["site"],
    set_={name: telemetry_total.c[name] + bindparam(f"more_{name}") for name in _NAMES},
)


def add_totals(connection: Connection, more: Mapping[str, Totals]) -> None:
    """Add to the totals, by site."""
    rows = [
        {
            "site": site,
            **{name: getattr(one, name) for name in _NAMES},
            **{f"more_{name}": getattr(one, name) for name in _NAMES},
        }
        for site, one in more.items()
    ]
    if rows:
        connection.execute(_ADD, rows)


def read_totals(connection: Connection) -> dict[str, Totals]:
    """By site."""
    return {
        str(row.site): Totals(*(int(getattr(row, name)) for name in _NAMES))
        for row in connection.execute(select(telemetry_total))
    }

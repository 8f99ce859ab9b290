"""The change feed: per site, each change at the next position."""

from collections.abc import Mapping

from sqlalchemy import Connection, func, insert, select

from hub.database.dialect import lock_name, wake_others
from hub.store.schema import change

Ref = tuple[str, str, str]
"""(site, type, ref)"""


def append_changes(connection: Connection, changes: Mapping[Ref, int], now: int) -> None:
    """Append each changed thing, with its version, to its site's feed.

    Whoever writes is alone in a site's feed until the commit, so the positions have no gaps and
    are seen in order; a purge leaves the last.
    """
    next_position: dict[str, int] = {}
    rows = []
    for site in sorted({site for site, _, _ in changes}):
        lock_name(connection, f"feed {site}")
        wake_others(connection, site)
    for (site, kind, ref), version in changes.items():
        position = next_position.get(site) or last_position(connection, site) + 1
        next_position[site] = position + 1
        rows.append(
            {
                "site": site,
                "position": position,
                "type": kind,
                "ref": ref,
                "at": now,
                "version": version,
            }
        )
    if rows:
        connection.execute(insert(change), rows)


def last_position(connection: Connection, site: str) -> int:
    """The newest position of a site's feed; 0 while it is empty."""
    return connection.scalar(select(func.max(change.c.position)).where(change.c.site == site)) or 0

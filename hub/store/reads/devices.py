"""What is known of devices: their health, and how many of their alerts are open."""

from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from hub.alerts import ACTIVE_STATES
from hub.store.reads.page import Record
from hub.store.schema import alert, device_health


def health_by_device(connection: Connection, site: str) -> Mapping[str, Record]:
    """The health row of every device that was heard of."""
    found = select(device_health).where(device_health.c.site == site)
    return {row["device"]: row for row in connection.execute(found).mappings()}


def one_health(connection: Connection, site: str, device: str) -> Record | None:
    """The health row of one device; None before it was first heard of."""
    found = select(device_health).where(
        device_health.c.site == site, device_health.c.device == device
    )
    return connection.execute(found).mappings().one_or_none()


def open_counts(connection: Connection, site: str, device: str | None = None) -> dict[str, int]:
    """How many alerts are open, by device; devices without one are missing."""
    found = (
        select(alert.c.device, func.count())
        .where(alert.c.site == site, alert.c.closed_at.is_(None))
        .group_by(alert.c.device)
    )
    if device is not None:
        found = found.where(alert.c.device == device)
    return {row[0]: row[1] for row in connection.execute(found)}


def devices_with(
    connection: Connection, site: str, condition: str, device: str | None = None
) -> set[str]:
    """The devices on which a condition holds now, whether or not a person has seen it."""
    found = select(alert.c.device).where(
        alert.c.site == site,
        alert.c.condition == condition,
        alert.c.closed_at.is_(None),
        alert.c.state.in_(sorted(ACTIVE_STATES)),
    )
    if device is not None:
        found = found.where(alert.c.device == device)
    return set(connection.execute(found).scalars())

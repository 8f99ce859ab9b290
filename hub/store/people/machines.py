"""Credentials of machines as rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import Connection, insert, select, update

from hub.access.machines import ALL_USES, Use
from hub.access.roles import ALL_SITES
from hub.store.schema import machine as table


@dataclass(frozen=True, slots=True)
class Machine:
    """Another system that may report cases.

    sites: ids, or `*`. per_minute: requests that it may make. secret_hash: see
    `hub.access.machines`. old_hash: of the secret before, good until old_until. ended_at: for good.
    callback_url: where it is told of its cases. callback_secret: signs that, sealed.
    uses: what it is good for. until: when it ends by itself, ms; None for never.
    """

    id: str
    name: str
    sites: frozenset[str]
    per_minute: int
    secret_hash: str
    created_at: int
    created_by: str
    changed_at: int
    old_hash: str | None = None
    old_until: int | None = None
    ended_at: int | None = None
    callback_url: str | None = None
    callback_secret: bytes | None = field(default=None, repr=False)
    uses: frozenset[Use] = ALL_USES
    until: int | None = None

    def sees(self, site: str) -> bool:
        """Whether it may report there."""
        return site in self.sites or ALL_SITES in self.sites

    @property
    def actor(self) -> str:
        """How histories and the trail call it; no user's name holds a colon."""
        return f"machine:{self.name}"[:64]


def all_machines(connection: Connection) -> list[Machine]:
    """All of them, the newest first."""
    found = select(table).order_by(table.c.created_at.desc(), table.c.id)
    return [_machine(row) for row in connection.execute(found).mappings()]


def find_machine(connection: Connection, name: str) -> Machine | None:
    """The one with this id."""
    row = connection.execute(select(table).where(table.c.id == name)).mappings().one_or_none()
    return None if row is None else _machine(row)


def put_machine(connection: Connection, one: Machine) -> None:
    """Store it, new or changed."""
    values = {each.name: getattr(one, each.name) for each in fields(one)}
    values |= {"sites": sorted(one.sites), "uses": sorted(one.uses)}
    changed = connection.execute(update(table).where(table.c.id == one.id).values(**values))
    if not changed.rowcount:
        connection.execute(insert(table).values(**values))


def _machine(row: Mapping[Any, Any]) -> Machine:
    values = {each.name: row[each.name] for each in fields(Machine)}
    uses = ALL_USES if values["uses"] is None else frozenset(Use(one) for one in values["uses"])
    return Machine(**{**values, "sites": frozenset(values["sites"]), "uses": uses})

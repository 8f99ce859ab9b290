"""`rights.toml`: who may do less than their role grants, to what, and when.

A role reaches everything of its sites. Whoever a limit names may do only what the limit allows, on
top of what their role and sites grant: a limit takes away and never adds.
"""

from typing import Annotated, Self

from pydantic import Field, model_validator

from hub.config.org.desks import Clock, Hours
from hub.config.table import Table
from wire import Id, Text


class DeviceGroup(Table):
    """Devices that are spoken of together. devices: `site/device`; kinds: all of these kinds."""

    id: Id
    name: Text
    devices: tuple[str, ...] = ()
    kinds: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not self.devices and not self.kinds:
            raise ValueError("names no device and no kind")
        return self

    def holds(self, site: str, device: str, kind: str | None) -> bool:
        """Whether a device belongs to it."""
        return f"{site}/{device}" in self.devices or kind in self.kinds


class Allow(Hours):
    """One thing that a limit lets through; hours on the organisation's clock, always without.

    permissions: ids of what can be done. actions: with `device.command` alone, which ones.
    groups: of devices; it then holds only where a request names such a device.
    units: of the tree; it then holds only for their sites and buildings, and those below them.
    """

    start: Annotated[Clock, Field(alias="from")] = "00:00"
    end: Annotated[Clock, Field(alias="to")] = "24:00"
    permissions: Annotated[tuple[str, ...], Field(min_length=1)]
    actions: tuple[Id, ...] = ()
    groups: tuple[Id, ...] = ()
    units: tuple[Id, ...] = ()


class Limit(Table):
    """Who is limited: accounts by login, and whoever fills one of the posts."""

    id: Id
    name: Text
    accounts: tuple[str, ...] = ()
    posts: tuple[Id, ...] = ()
    allow: tuple[Allow, ...] = ()


class Rights(Table):
    """`rights.toml`. Without the file nobody is limited."""

    groups: Annotated[tuple[DeviceGroup, ...], Field(alias="group")] = ()
    limits: Annotated[tuple[Limit, ...], Field(alias="limit")] = ()

    def group(self, name: str) -> DeviceGroup | None:
        """The group with this id."""
        return next((one for one in self.groups if one.id == name), None)

"""The organisation as a tree; its levels are data: grid, community, street, district, or others."""

from typing import Annotated

from pydantic import Field

from hub.config.table import Table
from wire import Id, Text


class Level(Table):
    """One level of the tree, such as the street. They are written from the top down."""

    id: Id
    name: Text


class Post(Table):
    """A function that somebody fills (岗位); who that is stands in the account.

    account: the login of the person who fills it. channels: ids of the ways to reach whoever
    does, the first one first; their addresses are secrets and stand with the notifications.
    """

    id: Id
    name: Text
    account: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    channels: tuple[Id, ...] = ()


class Unit(Table):
    """A place in the tree.

    parent: the unit above; None for a root. A level may be left out: a community may stand
        directly below a district.
    sites, buildings: what it answers for: whole sites, or some buildings (`site/building`).
        `*` stands for every site. Units above answer for all that those below them do.
    posts: who answers for it, in the order in which they are asked.
    """

    id: Id
    level: Id
    name: Text
    parent: Id | None = None
    sites: tuple[str, ...] = ()
    buildings: tuple[str, ...] = ()
    posts: tuple[Id, ...] = ()


class Tree(Table):
    """`tree.toml`."""

    levels: Annotated[tuple[Level, ...], Field(alias="level", min_length=1)]
    posts: Annotated[tuple[Post, ...], Field(alias="post")] = ()
    units: Annotated[tuple[Unit, ...], Field(alias="unit", min_length=1)]

    def unit(self, name: str) -> Unit | None:
        """The unit with this id."""
        return next((one for one in self.units if one.id == name), None)

    def post(self, name: str) -> Post | None:
        """The post with this id."""
        return next((one for one in self.posts if one.id == name), None)

    def chain(self, name: str) -> tuple[Unit, ...]:
        """The unit and those above it, up to its root; nothing for an unknown one."""
        climbed: list[Unit] = []
        unit = self.unit(name)
        while unit is not None:
            climbed.append(unit)
            unit = None if unit.parent is None else self.unit(unit.parent)
        return tuple(climbed)

    def unit_of(self, site: str, building: str | None = None) -> Unit | None:
        """The lowest unit that answers for a place; None where nobody does."""
        fitting = [one for one in self.units if (_fit(one, site, building))]
        return max(
            fitting,
            key=lambda one: (_fit(one, site, building), len(self.chain(one.id))),
            default=None,
        )


def _fit(unit: Unit, site: str, building: str | None) -> int:
    """How closely the unit names the place: 0 not at all, 3 by its building."""
    if building is not None and f"{site}/{building}" in unit.buildings:
        return 3
    return 2 if site in unit.sites else int("*" in unit.sites)

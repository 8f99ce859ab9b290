"""Who watches what, who is on duty, and who is above them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hub.config.org.desks import Desk, Roster, Shift
from hub.config.org.rights import Rights
from hub.config.org.tree import Post, Tree, Unit
from hub.config.own import in_force
from hub.config.table import read_model
from hub.errors import ConfigError


@dataclass(slots=True)
class Org:
    """`configs/org`: tree, desks, roster, rights. Times are ms; nothing here reads a clock.

    source: the folder that it was read from. The roster alone may change while the hub runs, as a
    whole: whoever asks, in whatever thread, sees the one before or the one after.
    """

    tree: Tree
    roster: Roster
    source: Path
    rights: Rights = field(default_factory=Rights)

    def take_up(self, roster: Roster) -> None:
        """Another roster is in force from now on; it was checked against this tree."""
        self.roster = roster

    def check(self) -> None:
        """All that its parts name is there. Raises ConfigError."""
        _check_tree(self.tree, self.source / "tree.toml")
        _check_desks(self, self.source / "desks.toml")
        _check_rights(self, self.source / "rights.toml")

    def desk(self, name: str) -> Desk | None:
        """The desk with this id."""
        return next((one for one in self.roster.desks if one.id == name), None)

    def desk_of(self, site: str, building: str | None, now: int) -> Desk:
        """Whose alarm it is: the closest desk that is manned, else the closest. Never nobody."""
        local = self.local(now)
        return max(
            self.roster.desks,
            key=lambda one: (
                (fit := one.fit(site, building)) > 0,
                _manned(one, local),
                fit,
            ),
        )

    def shift(self, desk: Desk, now: int) -> Shift | None:
        """The shift that it is at a desk; None when nobody is there, or it keeps none."""
        day, minute = self.local(now)
        return next((one for one in desk.shifts if one.holds(day, minute)), None)

    def on_duty(self, desk: Desk, now: int) -> tuple[Post, ...]:
        """The roster at this moment, in order, substitutes in the place of who is away."""
        shift = self.shift(desk, now)
        return () if shift is None else self.filled(shift.roster, now)

    def ladder(self, desk: Desk, now: int) -> tuple[Post, ...]:
        """Who is asked for a desk's P0, in order: its roster, then unit by unit up the tree."""
        posts = dict.fromkeys(self.on_duty(desk, now))
        for unit in self.tree.chain(desk.unit):
            posts |= dict.fromkeys(self.filled(unit.posts, now))
        return tuple(posts)

    def chain_of(self, site: str, building: str | None = None) -> tuple[Unit, ...]:
        """The units that answer for a place, from the lowest to its root."""
        unit = self.tree.unit_of(site, building)
        return () if unit is None else self.tree.chain(unit.id)

    def areas_of(self, site: str, building: str | None) -> frozenset[str]:
        """By what areas a place is known: its building, and as `@id` the units above that."""
        if building is None:
            return frozenset()
        return frozenset({building, *(f"@{one.id}" for one in self.chain_of(site, building))})

    def parts_of(self, site: str, buildings: Iterable[str]) -> tuple[Unit, ...]:
        """The units that answer for some of a site's buildings, and not for all of it."""
        whole = {one.id for one in self.chain_of(site)}
        found = {one.id for name in buildings for one in self.chain_of(site, name)} - whole
        return tuple(one for one in self.tree.units if one.id in found)

    def filled(self, posts: tuple[str, ...], now: int) -> tuple[Post, ...]:
        """Posts by id, each replaced by its substitute while it is away; nobody twice."""
        day, _ = self.local(now)
        standing = dict.fromkeys(self._standing(name, day) for name in posts)
        return tuple(post for name in standing if (post := self.tree.post(name)) is not None)

    def local(self, now: int) -> tuple[date, int]:
        """The day and the minute of the day on the organisation's clock."""
        moment = datetime.fromtimestamp(now / 1000, UTC) + timedelta(hours=self.roster.utc_offset)
        return moment.date(), moment.hour * 60 + moment.minute

    def _standing(self, post: str, day: date) -> str:
        seen = {post}
        while True:
            away = next(
                (
                    one
                    for one in self.roster.absences
                    if one.post == post and one.first <= day <= one.last
                ),
                None,
            )
            if away is None or away.substitute in seen:
                return post
            post = away.substitute
            seen.add(post)


def load_org(directory: Path, own: Path | None = None) -> Org:
    """Read `tree.toml`, `desks.toml` and, where there is one, `rights.toml`; check them.

    own: the folder of copies that are read in their place. Raises ConfigError.
    """
    tree, desks, rights = (
        in_force(directory / name, own) for name in ("tree.toml", "desks.toml", "rights.toml")
    )
    org = Org(
        tree=read_model(tree, Tree),
        roster=read_model(desks, Roster),
        source=directory,
        rights=read_model(rights, Rights) if rights.exists() else Rights(),
    )
    _check_tree(org.tree, tree)
    _check_desks(org, desks)
    _check_rights(org, rights)
    return org


def check_covered(org: Org, sites: dict[str, tuple[str, ...]]) -> None:
    """Each site has a desk for the whole of it, and nothing names a place that is not there.

    sites: the buildings of each site, by id. Raises ConfigError.
    """
    path = org.source / "desks.toml"
    for site in sites:
        if not any(desk.fit(site, None) for desk in org.roster.desks):
            raise ConfigError(path, "desk", f"no desk watches the site {site!r}")
    for row, desk in enumerate(org.roster.desks):
        for place in desk.buildings:
            site, _, building = place.partition("/")
            if site in sites and building not in sites[site]:
                raise ConfigError(path, f"desk[{row}].buildings", f"no building {place!r}")


def _manned(desk: Desk, local: tuple[date, int]) -> bool:
    return not desk.shifts or any(shift.holds(*local) for shift in desk.shifts)


def _check_tree(tree: Tree, path: Path) -> None:
    _unique(path, "level", [one.id for one in tree.levels])
    _unique(path, "post", [one.id for one in tree.posts])
    _unique(path, "unit", [one.id for one in tree.units])
    order = [level.id for level in tree.levels]
    for row, unit in enumerate(tree.units):
        key = f"unit[{row}]"
        if unit.level not in order:
            known = ", ".join(order)
            raise ConfigError(path, f"{key}.level", f"no level {unit.level!r}; known: {known}")
        for post in unit.posts:
            if tree.post(post) is None:
                raise ConfigError(path, f"{key}.posts", f"no post {post!r}")
        if unit.parent is None:
            continue
        parent = tree.unit(unit.parent)
        if parent is None:
            raise ConfigError(path, f"{key}.parent", f"no unit {unit.parent!r}")
        if parent.level not in order or order.index(parent.level) >= order.index(unit.level):
            problem = f"{unit.parent!r} does not stand above {unit.id!r}"
            raise ConfigError(path, f"{key}.parent", problem)


def _check_desks(org: Org, path: Path) -> None:
    _unique(path, "desk", [one.id for one in org.roster.desks])
    for row, desk in enumerate(org.roster.desks):
        key = f"desk[{row}]"
        if org.tree.unit(desk.unit) is None:
            raise ConfigError(path, f"{key}.unit", f"no unit {desk.unit!r}")
        for column, shift in enumerate(desk.shifts):
            for post in shift.roster:
                if org.tree.post(post) is None:
                    problem = f"no post {post!r}"
                    raise ConfigError(path, f"{key}.shift[{column}].roster", problem)
    for row, away in enumerate(org.roster.absences):
        for name in (away.post, away.substitute):
            if org.tree.post(name) is None:
                raise ConfigError(path, f"absence[{row}]", f"no post {name!r}")
        if away.last < away.first:
            raise ConfigError(path, f"absence[{row}].to", "lies before it begins")


def _check_rights(org: Org, path: Path) -> None:
    rights = org.rights
    _unique(path, "group", [one.id for one in rights.groups])
    _unique(path, "limit", [one.id for one in rights.limits])
    for row, limit in enumerate(rights.limits):
        for post in limit.posts:
            if org.tree.post(post) is None:
                raise ConfigError(path, f"limit[{row}].posts", f"no post {post!r}")
        for column, allow in enumerate(limit.allow):
            key = f"limit[{row}].allow[{column}]"
            for group in allow.groups:
                if rights.group(group) is None:
                    raise ConfigError(path, f"{key}.groups", f"no group {group!r}")
            for unit in allow.units:
                if org.tree.unit(unit) is None:
                    raise ConfigError(path, f"{key}.units", f"no unit {unit!r}")


def _unique(path: Path, key: str, names: list[str]) -> None:
    for row, name in enumerate(names):
        if name in names[:row]:
            raise ConfigError(path, f"{key}[{row}].id", f"{name!r} is used already")

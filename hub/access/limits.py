"""What is acted upon, and what a limited account may do to it at this moment."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from hub.access.permissions import GRANTS, Permission, Scope
from hub.config.org import Org
from hub.config.org.rights import Allow, DeviceGroup
from hub.config.role import Role
from hub.errors import ConfigError

UNLIMITED: Final = frozenset({Permission.SELF, Permission.CATALOGUE_READ})
"""What everybody may who is logged in: to log out, and to read what things are called."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What is acted upon.

    site: the site that it stands in; None for what belongs to no site.
    role: the least role that the thing itself asks for (a step of the case flow, a device's
        action); the permission's own role holds besides.
    device, kind, building: of the device that the request names, where it names one.
    action: what the device is to do, once that is known.
    """

    site: str | None = None
    role: Role = Role.GUARD
    device: str | None = None
    kind: str | None = None
    building: str | None = None
    action: str | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """One thing that a limited account may do now; `Limits` looks at the hours.

    actions, groups, places: None is any. places: sites, and buildings as `site/building`.
    """

    permissions: frozenset[Permission]
    actions: frozenset[str] | None = None
    groups: tuple[DeviceGroup, ...] | None = None
    places: frozenset[str] | None = None

    def covers(self, permission: Permission, thing: Thing) -> bool:
        """Whether this allows it. A thing whose action is not known yet is asked about again."""
        return (
            permission in self.permissions
            and (self.actions is None or thing.action is None or thing.action in self.actions)
            and (self.groups is None or self._grouped(self.groups, thing))
            and (self.places is None or self._placed(self.places, thing))
        )

    def _grouped(self, groups: tuple[DeviceGroup, ...], thing: Thing) -> bool:
        if thing.site is None or thing.device is None:
            return False
        return any(one.holds(thing.site, thing.device, thing.kind) for one in groups)

    def _placed(self, places: frozenset[str], thing: Thing) -> bool:
        return not places.isdisjoint({"*", thing.site, f"{thing.site}/{thing.building}"})


@dataclass(frozen=True, slots=True)
class Limits:
    """Whom the organisation limits, and to what. Made by `read_limits`."""

    org: Org | None = None
    by_account: dict[str, tuple[tuple[Allow, Allowance], ...]] = field(default_factory=dict)

    def of(self, account: str, now: int) -> tuple[Allowance, ...] | None:
        """What the account may do at this moment, ms; None for one that no limit names."""
        rules = self.by_account.get(account)
        if rules is None or self.org is None:
            return None
        local = self.org.local(now)
        return tuple(allowance for hours, allowance in rules if hours.holds(*local))


NOBODY_LIMITED: Final = Limits()


def read_limits(org: Org) -> Limits:
    """The organisation's limits, by account. Raises ConfigError for what cannot be allowed."""
    found: dict[str, list[tuple[Allow, Allowance]]] = {}
    for row, limit in enumerate(org.rights.limits):
        posts = (org.tree.post(name) for name in limit.posts)
        filled = (one.account for one in posts if one is not None and one.account is not None)
        rules = [
            (allow, _allowance(org, allow, f"limit[{row}].allow[{column}]"))
            for column, allow in enumerate(limit.allow)
        ]
        for account in {*limit.accounts, *filled}:
            found.setdefault(account, []).extend(rules)
    return Limits(org, {account: tuple(rules) for account, rules in found.items()})


def _allowance(org: Org, allow: Allow, key: str) -> Allowance:
    path = org.source / "rights.toml"
    known = {one.value: one for one in Permission}
    for name in allow.permissions:
        if name not in known:
            problem = f"no permission {name!r}; known: {', '.join(sorted(known))}"
            raise ConfigError(path, f"{key}.permissions", problem)
    permissions = frozenset(known[name] for name in allow.permissions)
    if allow.actions and permissions != {Permission.DEVICE_COMMAND}:
        raise ConfigError(path, f"{key}.actions", "goes with device.command alone")
    if (allow.groups or allow.units) and any(
        GRANTS[one].scope is not Scope.SITE for one in permissions
    ):
        problem = "groups and units go with permissions about a site"
        raise ConfigError(path, f"{key}.permissions", problem)
    groups = (org.rights.group(name) for name in allow.groups)
    return Allowance(
        permissions,
        frozenset(allow.actions) or None,
        tuple(one for one in groups if one is not None) or None,
        _places(org, allow.units) if allow.units else None,
    )


def _places(org: Org, units: Iterable[str]) -> frozenset[str]:
    """Sites and buildings that these units, or any below them, answer for."""
    wanted = set(units)
    return frozenset(
        place
        for unit in org.tree.units
        if not wanted.isdisjoint(one.id for one in org.tree.chain(unit.id))
        for place in (*unit.sites, *unit.buildings)
    )

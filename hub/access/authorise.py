"""The one place that decides whether a person may do something. Denies by default."""

from dataclasses import dataclass
from typing import Final

from hub.access.errors import ForbiddenError
from hub.access.permissions import GRANTS, Permission, Scope
from hub.access.roles import ALL_SITES, Actor
from hub.config.role import Role
from hub.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Thing:
    """What is acted upon.

    site: the site that it stands in; None for what belongs to no site.
    role: the least role that the thing itself asks for (a step of the case flow, a device's
        action); the permission's own role holds besides.
    """

    site: str | None = None
    role: Role = Role.GUARD


SYSTEM: Final = Thing()


def authorise(actor: Actor, permission: Permission, thing: Thing = SYSTEM) -> None:
    """Return when `actor` may; else raise.

    NotFoundError: the thing stands in a site that is not the actor's; the answer is the same as
        for a site that does not exist.
    ForbiddenError: the actor's role is too low, or the permission is nobody's.
    """
    grant = GRANTS.get(permission)
    if grant is None or (grant.scope is Scope.SITE) != (thing.site is not None):
        raise ForbiddenError("nobody may do this")
    if thing.site is not None and not actor.sees(thing.site):
        raise no_such_site(thing.site)
    if not (actor.role.at_least(grant.role) and actor.role.at_least(thing.role)):
        raise ForbiddenError(f"this takes the role {max_role(grant.role, thing.role)}")


def may(actor: Actor, permission: Permission, thing: Thing = SYSTEM) -> bool:
    """Whether `authorise` would let it pass."""
    try:
        authorise(actor, permission, thing)
    except (ForbiddenError, NotFoundError):
        return False
    return True


def authorise_account(actor: Actor, *, role: Role, sites: frozenset[str]) -> None:
    """Let nobody make or change an account that can do or see more than they themselves.

    Raises ForbiddenError.
    """
    authorise(actor, Permission.USER_MANAGE)
    within = ALL_SITES in actor.sites or (ALL_SITES not in sites and sites <= actor.sites)
    if not (within and actor.role.at_least(role)):
        raise ForbiddenError("this account reaches beyond your own role or sites")


def no_such_site(site: str) -> NotFoundError:
    """The answer for a site that does not exist or that the asker may not see."""
    return NotFoundError("site", site)


def max_role(one: Role, other: Role) -> Role:
    """The higher of two roles."""
    return one if one.at_least(other) else other

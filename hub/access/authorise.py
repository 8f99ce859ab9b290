"""The one place that decides whether a person may do something. Denies by default."""

from typing import Final

from hub.access.errors import ForbiddenError
from hub.access.limits import UNLIMITED, Thing
from hub.access.permissions import DEPARTMENTAL, GRANTS, Permission, Scope
from hub.access.roles import ALL_SITES, Actor
from hub.config.role import Role
from hub.errors import NotFoundError

__all__ = ["SYSTEM", "Thing", "authorise", "authorise_account", "max_role", "may", "no_such_site"]

SYSTEM: Final = Thing()


def authorise(actor: Actor, permission: Permission, thing: Thing = SYSTEM) -> None:
    """Return when `actor` may; else raise.

    NotFoundError: the thing stands in a site that is not the actor's; the answer is the same as
        for a site that does not exist.
    ForbiddenError: the actor's role is too low, what they came by is not good for this, the
        organisation does not let them do it (here, to this device, at this hour), or the
        permission is nobody's.
    """
    grant = GRANTS.get(permission)
    if grant is None or (grant.scope is Scope.SITE) != (thing.site is not None):
        raise ForbiddenError("nobody may do this")
    if thing.site is not None and not actor.sees(thing.site):
        raise no_such_site(thing.site)
    if not (actor.role.at_least(grant.role) and actor.role.at_least(thing.role)):
        raise ForbiddenError(f"this takes the role {max_role(grant.role, thing.role)}")
    if actor.department is not None and permission not in DEPARTMENTAL:
        raise ForbiddenError("this is for the estate's own people", code="not-your-department")
    if actor.scope is not None and permission not in actor.scope:
        raise ForbiddenError("what you came with is not good for this", code="out-of-scope")
    limited = actor.limits is not None and permission not in UNLIMITED
    if limited and not any(one.covers(permission, thing) for one in actor.limits or ()):
        raise ForbiddenError("this is not among what you may do here and now", code="limited")


def may(actor: Actor, permission: Permission, thing: Thing = SYSTEM) -> bool:
    """Whether `authorise` would let it pass."""
    try:
        authorise(actor, permission, thing)
    except (ForbiddenError, NotFoundError):
        return False
    return True


def authorise_account(actor: Actor, *, role: Role, sites: frozenset[str]) -> None:
    """Let nobody make or change an account that can do or see more than they themselves.

    Whom the organisation limits manages none: any account but their own could be without limits.
    Raises ForbiddenError.
    """
    authorise(actor, Permission.USER_MANAGE)
    if actor.limits is not None:
        raise ForbiddenError("who is limited manages no accounts", code="limited")
    within = ALL_SITES in actor.sites or (ALL_SITES not in sites and sites <= actor.sites)
    if not (within and actor.role.at_least(role)):
        raise ForbiddenError("this account reaches beyond your own role or sites")


def no_such_site(site: str) -> NotFoundError:
    """The answer for a site that does not exist or that the asker may not see."""
    return NotFoundError("site", site)


def max_role(one: Role, other: Role) -> Role:
    """The higher of two roles."""
    return one if one.at_least(other) else other

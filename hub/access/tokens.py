"""API tokens: what a person gives a script, for some permissions and until a day."""

import re
from dataclasses import dataclass, replace
from typing import Final

from hub.access.limits import Limits
from hub.access.permissions import Permission
from hub.access.roles import ALL_SITES, Actor

LONGEST_MS: Final = 366 * 24 * 3_600_000
MOST: Final = 20
"""Tokens that one person may have at a time."""

NEVER: Final = frozenset(
    {
        Permission.SELF,
        Permission.USER_MANAGE,
        Permission.MACHINE_MANAGE,
        Permission.CONFIG_MANAGE,
    }
)
"""What takes a person at a screen: sessions, passwords, accounts, other credentials, and the files
that say who may do what, who is called, and where."""

PREFIX: Final = "Bearer ght_"
_FORM: Final = re.compile(re.escape(PREFIX) + r"([0-9a-f]{16})_([A-Za-z0-9_-]{43})")
_KEY: Final = "token:"


@dataclass(frozen=True, slots=True)
class Token:
    """As it is kept. The secret is drawn and hashed as in `hub.access.machines`.

    owner: an account's name. sites: ids, or `*` for all of the owner's. ends_at: ms; there is no
    token without an end. ended_at: when it was ended before that.
    """

    id: str
    owner: str
    name: str
    permissions: frozenset[Permission]
    sites: frozenset[str]
    secret_hash: str
    created_at: int
    ends_at: int
    seen_at: int | None = None
    ended_at: int | None = None
    ended_by: str | None = None

    @property
    def key(self) -> str:
        """What streams know it by, as they do a session's key."""
        return key_of(self.id)

    def alive(self, now: int) -> bool:
        """It has neither ended nor been ended."""
        return self.ended_at is None and now < self.ends_at

    def actor(self, owner: Actor, limits: Limits, now: int) -> Actor:
        """The owner as they come by this token: never more than they are themselves."""
        if ALL_SITES in owner.sites:
            sites = self.sites
        else:
            sites = owner.sites if ALL_SITES in self.sites else owner.sites & self.sites
        return replace(
            owner,
            sites=sites,
            limits=limits.of(owner.name, now),
            scope=self.permissions,
            token=self.id,
            department=owner.department,
        )


def shown(token: str, secret: str) -> str:
    """The credential as its owner writes it after `Authorization: Bearer`."""
    return f"ght_{token}_{secret}"


def parse(header: str) -> tuple[str, str] | None:
    """Id and secret of an Authorization header; None when it is not of this form."""
    found = _FORM.fullmatch(header)
    return None if found is None else (found[1], found[2])


def key_of(token: str) -> str:
    """The key of a token's id."""
    return _KEY + token


def id_of(key: str) -> str | None:
    """The token's id, of a key that is a token's."""
    return key.removeprefix(_KEY) if key.startswith(_KEY) else None

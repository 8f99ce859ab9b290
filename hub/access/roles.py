"""The person behind a request."""

from dataclasses import dataclass
from typing import Final

from hub.access.limits import Allowance
from hub.access.permissions import Permission
from hub.config.role import Role

ALL_SITES: Final = "*"


@dataclass(frozen=True, slots=True)
class Actor:
    """A logged-in person, as they are at this moment. sites: ids, or `*` for all.

    limits: what the organisation allows them now, when it limits them at all.
    scope: the only permissions of this way in, when it has not all: an API token's, or those of
        somebody who has yet to set up a second factor.
    token: of the API token that they came by.
    department: of the case catalogue, whose people they are; None for the estate's own.
    """

    name: str
    role: Role
    sites: frozenset[str]
    limits: tuple[Allowance, ...] | None = None
    scope: frozenset[Permission] | None = None
    token: str | None = None
    department: str | None = None

    def sees(self, site: str) -> bool:
        """The person is responsible for this site."""
        return ALL_SITES in self.sites or site in self.sites

"""The person behind a request."""

from dataclasses import dataclass
from typing import Final

from hub.config.role import Role

ALL_SITES: Final = "*"


@dataclass(frozen=True, slots=True)
class Actor:
    """A logged-in person. sites: ids, or `*` for all."""

    name: str
    role: Role
    sites: frozenset[str]

    def sees(self, site: str) -> bool:
        """The person is responsible for this site."""
        return ALL_SITES in self.sites or site in self.sites

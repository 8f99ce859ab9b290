"""Who may do what, in three steps."""

from enum import StrEnum
from typing import Final

from wire import Text


class Role(StrEnum):
    """A person's role; each may do all that the one before it may."""

    GUARD = "guard"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"

    def at_least(self, least: "Role") -> bool:
        """Whether this role reaches `least`."""
        return _RANK[self] >= _RANK[least]


_RANK: Final = {role: rank for rank, role in enumerate(Role)}
"""Asked some thousand times for one page of cases: walking an enum takes a while."""


ROLE_NAMES: dict[Role, Text] = {
    Role.GUARD: Text(zh="值班保安", en="guard"),
    Role.SUPERVISOR: Text(zh="值班主管", en="supervisor"),
    Role.ADMIN: Text(zh="系统管理员", en="administrator"),
}

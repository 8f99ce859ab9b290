"""Who may do what, in three steps."""

from enum import StrEnum

from wire import Text


class Role(StrEnum):
    """A person's role; each may do all that the one before it may."""

    GUARD = "guard"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"

    def at_least(self, least: "Role") -> bool:
        """Whether this role reaches `least`."""
        order = list(Role)
        return order.index(self) >= order.index(least)


ROLE_NAMES: dict[Role, Text] = {
    Role.GUARD: Text(zh="值班保安", en="guard"),
    Role.SUPERVISOR: Text(zh="值班主管", en="supervisor"),
    Role.ADMIN: Text(zh="系统管理员", en="administrator"),
}

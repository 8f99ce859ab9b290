"""How a route declares who may use it: in its OpenAPI entry, where people and tests see it too."""

from typing import Any, Final

from hub.access.machines import Use
from hub.access.permissions import GRANTS, Permission
from hub.access.tokens import NEVER

KEY: Final = "x-permission"
"""Extension field with the permission's id; `open` for a route that takes no login."""

OPEN: Final = "open"


AGENT: Final = "agent"
"""Extension's value for a route that edge agents use: they sign what they bring."""


MACHINE: Final = "machine"
"""Extension's value for a route that other systems use: they show a credential of their own."""


MACHINE_USE: Final = "x-machine-use"
"""Extension field: what a machine's credential has to be good for."""


LINK: Final = "link"
"""Extension's value for the page behind a message's link: its address is what opens it."""


def needs(permission: Permission) -> dict[str, Any]:
    """The `openapi_extra` of a route that `permission` opens."""
    return {
        KEY: permission.value,
        "x-least-role": GRANTS[permission].role.value,
        "security": [{"session": []}] if permission in NEVER else [{"session": []}, {"token": []}],
    }


def open_to_all() -> dict[str, Any]:
    """The `openapi_extra` of a route that takes no login."""
    return {KEY: OPEN, "security": []}


def for_agents() -> dict[str, Any]:
    """The `openapi_extra` of a route that only edge agents use."""
    return {KEY: AGENT, "security": [{"agent": []}]}


def for_machines(use: Use) -> dict[str, Any]:
    """The `openapi_extra` of a route that only other systems use, for this."""
    return {KEY: MACHINE, MACHINE_USE: use.value, "security": [{"machine": []}]}


def for_links() -> dict[str, Any]:
    """The `openapi_extra` of the page behind a message's link."""
    return {KEY: LINK, "security": []}

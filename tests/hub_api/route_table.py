"""`routes.txt`: every route that is served, and who gets through its door.

One line a route: METHOD PATH PERMISSION ROLES OTHER. ROLES are those that are let in, `any` where
there is no login. OTHER is what people of another site are told: 404, or `-` where the path names
no site. The lines stand in the order of paths.
"""

from dataclasses import dataclass
from pathlib import Path

from hub.config import Role

FILE = Path(__file__).with_name("routes.txt")


@dataclass(frozen=True, order=True)
class Line:
    """One route."""

    path: str
    method: str
    permission: str
    roles: tuple[str, ...]
    other: str

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def about_site(self) -> bool:
        return "{site}" in self.path

    def __str__(self) -> str:
        roles = " ".join(self.roles)
        return f"{self.method:<6} {self.path:<70} {self.permission:<18} {roles:<23} {self.other}"


def read_table(text: str | None = None) -> list[Line]:
    """The committed lines."""
    text = FILE.read_text(encoding="utf-8") if text is None else text
    rows = [row.split() for row in text.splitlines() if row and not row.startswith("#")]
    return [
        Line(path, method, permission, tuple(roles), other)
        for method, path, permission, *roles, other in rows
    ]


def described(document: dict) -> list[Line]:
    """The lines that the OpenAPI document asks for, as it declares them."""
    return sorted(
        Line(
            path,
            method.upper(),
            operation["x-permission"],
            _roles(operation),
            "404" if "{site}" in path else "-",
        )
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    )


def difference(table: list[Line], found: list[Line]) -> str:
    """What to do to the table, line by line; empty when it is complete."""
    lines = [f"remove: {one}" for one in table if one not in found]
    lines += [f"add:    {one}" for one in found if one not in table]
    return "\n".join(lines)


def _roles(operation: dict) -> tuple[str, ...]:
    least = operation.get("x-least-role")
    if least is None:
        return ("any",)
    return tuple(role.value for role in Role if role.at_least(Role(least)))

"""One request's person and session."""

from dataclasses import dataclass

from hub.access.roles import Actor


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks. session: the key of the session; csrf: its CSRF token."""

    actor: Actor
    session: str
    csrf: str

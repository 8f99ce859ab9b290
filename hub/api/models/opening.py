"""Orders to open several doors."""

from typing import Annotated, Literal

from pydantic import Field

from hub.api.models.base import Answer, Ask, At
from wire import Id


class OpeningRequest(Ask):
    """devices: the doors; none named means all that the site has. lease_s: as in a command."""

    devices: Annotated[tuple[Id, ...], Field(max_length=500)] = ()
    action: Literal["open", "hold-open"] = "open"
    lease_s: Annotated[float, Field(ge=0, le=120)] = 0.0
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class Opening(Answer):
    """An order to open doors.

    state: `waiting` for a second person, until `until`; `sent`, by command and device in
    `commands`; `refused`; `void`, taken back. failed: doors that no command went to, and why (a
    code).
    """

    id: str
    site: str
    devices: list[str]
    action: str
    lease_s: float
    reason: str
    asked_by: str
    asked_at: At
    until: At
    state: Literal["waiting", "sent", "refused", "void"]
    decided_by: str | None
    commands: dict[str, str]
    failed: dict[str, str]

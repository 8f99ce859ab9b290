"""Commands to devices."""

from typing import Annotated, Literal

from pydantic import Field

from hub.api.models.base import Answer, Ask, At
from wire import Id

CommandState = Literal["sent", "executed", "released", "refused", "expired", "failed", "unanswered"]


class CommandStep(Answer):
    """What became of a command, and when. detail: one line of the agent's or the hub's."""

    at: At
    state: CommandState
    detail: str


class Command(Answer):
    """An order to a device. lease_s: how long its effect lasts unless renewed; 0: not a lease.

    renews: id of the lease that it prolongs.
    """

    id: str
    site: str
    device: str
    action: str
    operator: str
    case: str | None
    reason: str
    lease_s: float
    renews: str | None
    state: CommandState
    created_at: At
    history: list[CommandStep]


class CommandRequest(Ask):
    """An order. lease_s: at most the action's `max_lease_s`.

    renews: id of the lease that this one prolongs. reason: why, for the audit trail.
    """

    action: Id
    lease_s: Annotated[float, Field(ge=0, le=120)] = 0.0
    renews: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] | None = None
    case: Annotated[str, Field(max_length=64)] | None = None
    reason: Annotated[str, Field(min_length=1, max_length=500)]

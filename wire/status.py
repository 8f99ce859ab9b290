"""An agent's status: retained, repeated as its heartbeat, and (offline) left as its last will."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from wire.envelope import MAX_SEQ, Boot, Lane
from wire.errors import WireError
from wire.ids import Id
from wire.observation import Instant

Count = Annotated[int, Field(ge=0, le=MAX_SEQ)]


class LaneStatus(BaseModel):
    """One lane of the outbox.

    head: the highest seq given out. backlog: rows not yet acknowledged.
    dropped: observations that the outbox had to drop since its database was made.
    """

    model_config = ConfigDict(frozen=True)

    head: Count = 0
    backlog: Count = 0
    dropped: Count = 0


class DeviceStatus(BaseModel):
    """Whether the agent can talk to one of its devices.

    skew_ms: device clock minus agent clock at the last report, where the device has a clock.
    """

    model_config = ConfigDict(frozen=True)

    ok: bool
    detail: Annotated[str, Field(max_length=200)] = ""
    skew_ms: Instant | None = None


class AgentStatus(BaseModel):
    """What an agent says of itself.

    run: 16 hex digits, drawn when the process started: two that alternate are two machines.
    nonce: 32 hex digits, fresh with each heartbeat; a command names one, see `wire.command`.
    at: the agent's clock, ms.
    """

    model_config = ConfigDict(frozen=True)

    v: Literal[1] = 1
    state: Literal["online", "offline"]
    boot: Boot
    run: Boot | None = None
    at: Instant | None = None
    version: Annotated[str, Field(max_length=40)] = ""
    nonce: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] | None = None
    heartbeat_s: Annotated[float, Field(gt=0, le=3600)] = 5.0
    lanes: dict[Lane, LaneStatus] = {}
    devices: Annotated[dict[Id, DeviceStatus], Field(max_length=1000)] = {}

    def encode(self) -> bytes:
        """The bytes that are published."""
        return self.model_dump_json(exclude_none=True).encode()

    @classmethod
    def decode(cls, payload: bytes) -> "AgentStatus":
        """Read a status. Raises WireError(`bad-status`)."""
        try:
            return cls.model_validate_json(payload)
        except ValidationError as error:
            raise WireError.of("bad-status", error, whole="status") from None


def offline(boot: str) -> AgentStatus:
    """The last will of the agent whose outbox is `boot`."""
    return AgentStatus(state="offline", boot=boot)


class HubStatus(BaseModel):
    """What the hub says of itself: retained, published at each connect, and its last will.

    Each `online` that is not retained tells agents that the hub has just begun to listen: what it
    has not acknowledged by then never reached it. hub: its boot id. at: its clock, ms.
    """

    model_config = ConfigDict(frozen=True)

    v: Literal[1] = 1
    state: Literal["online", "offline"]
    hub: Boot
    at: Instant | None = None

    def encode(self) -> bytes:
        """The bytes that are published."""
        return self.model_dump_json().encode()

    @classmethod
    def decode(cls, payload: bytes) -> "HubStatus":
        """Read a hub's status. Raises WireError(`bad-status`)."""
        try:
            return cls.model_validate_json(payload)
        except ValidationError as error:
            raise WireError.of("bad-status", error, whole="status") from None

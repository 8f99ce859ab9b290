"""Commands are leases: signed, bound to a nonce of the agent's, executed once, never late.

The hub signs with Ed25519 (RFC 8032); the agent pins the hub's public key. Signing and checking
are callables handed in, so that this package stays free of cryptography. The agent judges a
command's age by the nonce that it names, on the agent's own monotonic clock: no clock of any
device has to be right.
"""

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from wire.errors import WireError
from wire.ids import Id
from wire.observation import Instant, Number

NONCE_TTL_S = 10.0
"""A nonce, and with it every command that names it, is void this long after it was drawn."""

MAX_LEASE_S = 120.0
"""No lease holds an actuator longer without being renewed (reliability target T5)."""

CommandId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class Command(BaseModel):
    """One order to one device.

    action: one of the device kind's commands.
    lease_s: how long the effect may last without a renewal; 0 for an effect that ends by itself.
    renews: the id of the lease that this command prolongs, if it does.
    signature: Ed25519 over `signing_bytes()`, 128 hex digits.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1] = 1
    id: CommandId
    site: Id
    agent: Id
    device: Id
    action: Id
    nonce: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    lease_s: Annotated[float, Field(ge=0, le=MAX_LEASE_S)] = 0.0
    renews: CommandId | None = None
    params: Annotated[dict[str, str | Number | bool], Field(max_length=32)] = {}
    case: str | None = None
    operator: Annotated[str, Field(max_length=64)]
    signature: Annotated[str, Field(pattern=r"^([0-9a-f]{128})?$")] = ""

    def signing_bytes(self) -> bytes:
        """Everything but the signature, as canonical JSON: sorted keys, no spaces, UTF-8."""
        fields: Mapping[str, Any] = self.model_dump(mode="json", exclude={"signature"})
        text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return b"gatehouse-command-1\n" + text.encode()

    def signed(self, sign: Callable[[bytes], bytes]) -> "Command":
        """The same command with its signature; `sign` returns 64 bytes."""
        return self.model_copy(update={"signature": sign(self.signing_bytes()).hex()})

    def encode(self) -> bytes:
        """The bytes that are published."""
        return self.model_dump_json().encode()

    @classmethod
    def decode(cls, payload: bytes) -> "Command":
        """Read a command. Raises WireError(`bad-command`); the signature is checked elsewhere."""
        try:
            return cls.model_validate_json(payload)
        except ValidationError as error:
            raise WireError.of("bad-command", error, whole="command") from None


class ReceiptState(StrEnum):
    """What became of a command, as the agent saw it."""

    EXECUTED = "executed"
    RELEASED = "released"  # a lease that ended: by order, by its own end, or by a fire input
    REFUSED = "refused"  # forged, for another agent, unknown device or action
    EXPIRED = "expired"  # its nonce was void when it came
    FAILED = "failed"  # the device did not do it


class Receipt(BaseModel):
    """What became of a command; travels in the `life` lane and outlives a lost connection.

    detail: one line, such as `lease ran out` or `device answered 503`.
    """

    model_config = ConfigDict(frozen=True)

    command: CommandId
    device: Id
    state: ReceiptState
    at: Instant
    detail: Annotated[str, Field(max_length=200)] = ""


_RECEIPTS: Final = TypeAdapter(Annotated[list[Receipt], Field(max_length=100)])


def decode_receipts(body: bytes) -> list[Receipt]:
    """Read a `receipts` body. Raises WireError(`bad-body`)."""
    try:
        return _RECEIPTS.validate_json(body)
    except ValidationError as error:
        raise WireError.of("bad-body", error, whole="receipts") from None


def encode_receipts(receipts: list[Receipt]) -> bytes:
    """The body that `decode_receipts` reads back."""
    return _RECEIPTS.dump_json(receipts)

"""Whether a command is to be obeyed. Pure: what is known is handed in, a verdict comes out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from wire import Command, ReceiptState
from wire.command import NONCE_TTL_S
from wire.kinds import ActionSpec, Kind

Verify = Callable[[bytes, bytes], bool]
"""(signature, signed bytes) -> whether the hub signed them."""


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom this agent takes commands, and on whose word.

    verify: None when no hub key is pinned: then nothing is obeyed.
    """

    site: str
    agent: str
    kinds: Mapping[str, Kind]
    verify: Verify | None


class Fault(StrEnum):
    """Why a command is not obeyed."""

    NO_KEY = "no hub key is pinned here"
    FORGED = "signature is not the hub's"
    ELSEWHERE = "for another agent"
    UNKNOWN_DEVICE = "no such device at this agent"
    UNKNOWN_ACTION = "this kind of device knows no such action"
    WRONG_LEASE = "lease is not what this action takes"
    REPEATED = "taken on before"
    LATE = "its nonce is void"


STATES: Mapping[Fault, ReceiptState | None] = {
    Fault.NO_KEY: ReceiptState.REFUSED,
    Fault.FORGED: ReceiptState.REFUSED,
    Fault.ELSEWHERE: ReceiptState.REFUSED,
    Fault.UNKNOWN_DEVICE: ReceiptState.REFUSED,
    Fault.UNKNOWN_ACTION: ReceiptState.REFUSED,
    Fault.WRONG_LEASE: ReceiptState.REFUSED,
    Fault.REPEATED: None,  # MQTT delivers at least once: its receipt is on its way already
    Fault.LATE: ReceiptState.EXPIRED,
}
"""What the hub is told of each fault; None for nothing."""


def judge(
    command: Command, scope: Scope, *, nonce_age_s: float | None, executed: bool
) -> Fault | None:
    """Why the command is not obeyed, None when it is. Its signature is looked at first.

    nonce_age_s: how long ago this agent drew the nonce that it names, None when it did not.
    executed: this agent took on a command of that id before.
    """
    return next(_faults(command, scope, nonce_age_s, executed=executed), None)


def action_of(kind: Kind, action: str) -> ActionSpec | None:
    """The kind's action of that id."""
    return next((spec for spec in kind.actions if spec.id == action), None)


def _faults(
    command: Command, scope: Scope, nonce_age_s: float | None, *, executed: bool
) -> Iterator[Fault]:
    """What is wrong, gravest first; only the first one means anything."""
    if scope.verify is None:
        yield Fault.NO_KEY
    elif not scope.verify(bytes.fromhex(command.signature), command.signing_bytes()):
        yield Fault.FORGED
    if (command.site, command.agent) != (scope.site, scope.agent):
        yield Fault.ELSEWHERE
    kind = scope.kinds.get(command.device)
    if kind is None:
        yield Fault.UNKNOWN_DEVICE
        return
    spec = action_of(kind, command.action)
    if spec is None:
        yield Fault.UNKNOWN_ACTION
        return
    if executed:
        yield Fault.REPEATED
    if nonce_age_s is None or nonce_age_s > NONCE_TTL_S:
        yield Fault.LATE
    if not _lease_fits(command, spec):
        yield Fault.WRONG_LEASE


def _lease_fits(command: Command, spec: ActionSpec) -> bool:
    """A lease only where the action takes one, and then of a length within its limit."""
    if spec.max_lease_s:
        return 0 < command.lease_s <= spec.max_lease_s
    return command.lease_s == 0 and command.renews is None

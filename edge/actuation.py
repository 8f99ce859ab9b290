"""All commands of one agent: read, judged, handed to the device's actuator."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from edge.actuator import Actuator, Bench, Execute
from edge.commands import STATES, Scope, Verify, action_of, judge
from edge.errors import ConfigError, DeviceError, OutboxError
from wire import Command, WireError

log = structlog.get_logger()

WEAK_KEYS = {
    "00" * 32,
    "00" * 31 + "80",
    "01" + "00" * 31,
    "ec" + "ff" * 30 + "7f",
}
"""Placeholders that decode to points of order 1, 2 and 4 (RFC 8032, 5.1)."""


Request = Callable[[Command], Awaitable[None]]


class Actuation:
    """The commands of one agent.

    executes: device id to its driver's `execute`, for every device. requests: likewise, for the
        devices that the hub itself asks for something.
    """

    def __init__(
        self,
        scope: Scope,
        bench: Bench,
        executes: Mapping[str, Execute],
        requests: Mapping[str, Request] | None = None,
    ) -> None:
        self._scope = scope
        self._bench = bench
        self._requests = requests or {}
        self.actuators = {
            device: Actuator(device, scope.kinds[device], bench, execute)
            for device, execute in executes.items()
            if any(not action.by_hub for action in scope.kinds[device].actions)
        }
        self.unreadable = 0

    async def take(self, payload: bytes) -> None:
        """Judge one command as it came from the broker, and hand it on."""
        try:
            command = Command.decode(payload)
        except WireError as error:
            self.unreadable += 1
            log.warning("command.unreadable", reason=error.reason, total=self.unreadable)
            return
        fault = judge(
            command,
            self._scope,
            nonce_age_s=self._bench.nonces.age_s(command.nonce),
            executed=await self._bench.outbox.was_executed(command.id),
        )
        kind = self._scope.kinds.get(command.device)
        spec = action_of(kind, command.action) if kind else None
        by_hub = spec is not None and spec.by_hub
        if fault is None and by_hub:
            await self._request(command)
        elif fault is None:
            self.actuators[command.device].order(command)
        else:
            log.warning("command.not_obeyed", command=command.id, fault=fault)
            if (state := STATES[fault]) and not by_hub:
                self._bench.receipts.refuse(command, state, fault)

    async def _request(self, command: Command) -> None:
        """Something that moves nothing: no lease table, and what comes of it is the receipt."""
        try:
            if await self._bench.outbox.mark_executed(command.id):
                await self._requests[command.device](command)
        except (DeviceError, OutboxError) as error:
            log.warning("command.request_failed", action=command.action, error=str(error))

    def fire(self, device: str, active: bool) -> None:  # noqa: FBT001  a callback's shape
        """A device reports its fire input."""
        if device in self.actuators:
            self.actuators[device].fire(active=active)

    async def run(self) -> None:
        """Let go what an earlier run held, then carry out orders until cancelled."""
        for device, command, _ in await self._bench.outbox.saved_leases():
            if device in self.actuators:
                self.actuators[device].restore(command)
        async with asyncio.TaskGroup() as group:
            for actuator in self.actuators.values():
                group.create_task(actuator.run(), name=f"actuator {actuator.device}")
            await asyncio.Event().wait()  # an agent of sensors alone goes on too

    async def stop(self) -> None:
        """Let go what is held; call when `run` has been cancelled."""
        await asyncio.gather(*(actuator.stop() for actuator in self.actuators.values()))


def verifier(hub_key: str | None) -> Verify | None:
    """How the hub's signatures are checked; None without a pinned key.

    Raises ConfigError for a key that is no Ed25519 public key.
    """
    if hub_key is None:
        return None
    if hub_key in WEAK_KEYS:
        raise ConfigError("hub_key: a point of small order; anyone can sign for it")
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(hub_key))
    except ValueError as error:
        raise ConfigError(f"hub_key: {error}") from error

    def verify(signature: bytes, signed: bytes) -> bool:
        try:
            key.verify(signature, signed)
        except InvalidSignature:
            return False
        return True

    return verify

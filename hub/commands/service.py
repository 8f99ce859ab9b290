"""Sends people's orders to devices: checked, recorded, signed, published."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Connection, select

from hub.commands.nonces import Nonces
from hub.commands.opening import OpeningLimits
from hub.commands.order import Order
from hub.errors import BadRequestError, ConflictError, NotFoundError, UnavailableError
from hub.pipeline import Pipeline, Priority, Registry, Work
from hub.pipeline.registry import Watched
from hub.store.schema import command
from hub.store.write.commands import (
    NewCommand,
    Step,
    case_of_device,
    insert_command,
    known_command,
    step_command,
)
from wire import Command, topics
from wire.kinds import ActionSpec

log = structlog.get_logger(__name__)


STALE_MS: Final = 1_500
"""What the hub itself wants done is done within this time or not at all."""


class Signer:
    """The hub's Ed25519 key (RFC 8032). seed: 32 bytes."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        return self._key.sign(message)

    @property
    def public_key(self) -> str:
        """64 hex digits, as agents pin it in edge.toml."""
        return self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


class CommandService:
    """publish: hands a message to the broker, False when it is away. now: hub clock, ms.

    limits: of openings by people; None for none.
    """

    def __init__(
        self,
        *,
        pipeline: Pipeline,
        registry: Registry,
        nonces: Nonces,
        signer: Signer,
        publish: Callable[[str, bytes], bool],
        now: Callable[[], int],
        limits: OpeningLimits | None = None,
    ) -> None:
        self._pipeline = pipeline
        self._registry = registry
        self._nonces = nonces
        self._signer = signer
        self._publish = publish
        self._now = now
        self._limits = limits

    async def send(self, order: Order) -> str:
        """Record a person's order and publish it, signed; the command's id.

        Raises NotFoundError (device), BadRequestError (action, lease, renewed lease),
        TooManyOpeningsError, and
        UnavailableError when agent or broker is away: then nothing will happen later either.
        """
        device = self._device(order)
        if _is_by_hub(device, order.action):
            raise BadRequestError("is asked by the hub itself", field="action")
        signed = self._signed(device, order, secrets.token_hex(16))
        new = _record(signed, order, self._now())

        def record(work: Work) -> None:
            _check_renewed(work.connection, order)
            if self._limits is not None:
                self._limits.check(work.connection, order, new.created_at)
            insert_command(work.connection, new)
            work.changed(order.site, "command", signed.id, 1)

        written = self._pipeline.order(
            order.site, order.device, order.action, new.created_at, record
        )
        await asyncio.wrap_future(written)
        await self._out(device, signed)
        return signed.id

    async def send_own(self, order: Order, *, command: str) -> None:
        """Record and publish what the hub itself wants done, under the case that it belongs to.

        command: the id, 32 hex digits; raises ConflictError when there is one of that id already,
        and otherwise as `send`: UnavailableError too when writing it down took so long that what
        was wanted may not be wanted any more.
        """
        device = self._device(order)
        signed = self._signed(device, order, command)
        now = self._now()

        def record(work: Work) -> None:
            if known_command(work.connection, command):
                raise ConflictError("was sent before")
            case = case_of_device(work.connection, order.site, order.device)
            insert_command(work.connection, replace(_record(signed, order, now), case_id=case))
            work.changed(order.site, "command", signed.id, 1)

        await asyncio.wrap_future(self._pipeline.write(Priority.LIFE, now, record))
        if self._now() - now > STALE_MS:
            await self._failed(signed, "the hub was too slow")
            raise UnavailableError("the hub was too slow", code="too-late")
        await self._out(device, signed)

    def is_request(self, site: str, device: str, action: str) -> bool:
        """Whether an action is one that the hub asks for, and not on record."""
        found = self._registry.device(site, device)
        return found is not None and _is_by_hub(found, action)

    def _device(self, order: Order) -> Watched:
        device = self._registry.device(order.site, order.device)
        if device is None:
            raise NotFoundError("device", order.device)
        _check(device, order)
        return device

    async def _out(self, device: Watched, signed: Command) -> None:
        if not self._publish(topics.cmd(signed.site, device.agent), signed.encode()):
            await self._failed(signed, "the broker was away")
            raise UnavailableError("the broker is away", code="broker-away")
        log.info("commands.sent", command=signed.id, device=signed.device, action=signed.action)

    def _signed(self, device: Watched, order: Order, command: str) -> Command:
        nonce = self._nonces.newest(order.site, device.agent)
        if nonce is None:
            raise UnavailableError("the agent of this device is away", code="agent-away")
        unsigned = Command(
            id=command,
            site=order.site,
            agent=device.agent,
            device=order.device,
            action=order.action,
            nonce=nonce,
            lease_s=order.lease_s,
            renews=order.renews,
            case=order.case,
            operator=order.operator,
        )
        return unsigned.signed(self._signer.sign)

    async def _failed(self, signed: Command, why: str) -> None:
        now = self._now()

        def record(work: Work) -> None:
            step = Step("failed", now, now, why)
            stepped = step_command(work.connection, signed.id, step, site=signed.site)
            if stepped is not None:
                work.changed(signed.site, "command", signed.id, stepped.version)

        await asyncio.wrap_future(self._pipeline.write(Priority.PEOPLE, now, record))


def _check(device: Watched, order: Order) -> None:
    action = _action(device, order.action)
    if action is None:
        raise BadRequestError(f"this device knows no {order.action!r}", field="action")
    if action.max_lease_s == 0 and order.lease_s != 0:
        raise BadRequestError("this action ends by itself and takes no lease", field="lease_s")
    if action.max_lease_s == 0 and order.renews is not None:  # nor is it one opening more for free
        raise BadRequestError("this action has no lease to renew", field="renews")
    if action.max_lease_s > 0 and not 0 < order.lease_s <= action.max_lease_s:
        raise BadRequestError(f"must be above 0, at most {action.max_lease_s:g}", field="lease_s")


def _is_by_hub(device: Watched, name: str) -> bool:
    action = _action(device, name)
    return action is not None and action.by_hub


def _action(device: Watched, name: str) -> ActionSpec | None:
    actions = () if device.kind is None else device.kind.actions
    return next((action for action in actions if action.id == name), None)


def _check_renewed(connection: Connection, order: Order) -> None:
    if order.renews is None:
        return
    query = select(command.c.id).where(
        command.c.id == order.renews,
        command.c.site == order.site,
        command.c.device == order.device,
        command.c.action == order.action,
    )
    if connection.scalar(query) is None:
        raise BadRequestError("is not a lease of this device and action", field="renews")


def _record(signed: Command, order: Order, now: int) -> NewCommand:
    return NewCommand(
        id=signed.id,
        site=signed.site,
        agent=signed.agent,
        device=signed.device,
        action=signed.action,
        operator=signed.operator,
        reason=order.reason,
        lease_s=signed.lease_s,
        created_at=now,
        case_id=signed.case,
        renews=signed.renews,
    )

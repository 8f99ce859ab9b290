"""Credentials of other systems."""

from typing import Annotated

from fastapi import APIRouter, Path

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.machines import MadeMachine
from hub.api.models.report import (
    Callback,
    CallbackAddress,
    Machine,
    MachineAnswer,
    NewMachine,
    Rotation,
)
from hub.api.needs import needs
from hub.api.params import Limit
from hub.api.present.report import show_callback, show_machine
from hub.api.services import IsVisit, Services, UsesServices
from hub.store.reads.callbacks import Told, told_of

router = APIRouter(prefix="/api/machines", tags=["machines"], route_class=GuardedRoute)
MANAGE = needs(Permission.MACHINE_MANAGE)
Name = Annotated[str, Path(max_length=64)]


@router.get("", openapi_extra=MANAGE)
async def list_machines(visit: IsVisit, services: UsesServices) -> list[Machine]:
    """Other systems that may report cases, or once might."""
    found = await services.machines.all(visit.actor)
    told = await services.read(told_of)
    return [show_machine(one, told.get(one.id, Told()), services.now()) for one in found]


@router.post("", status_code=201, openapi_extra=MANAGE)
async def make_machine(asked: NewMachine, visit: IsVisit, services: UsesServices) -> MachineAnswer:
    """Let another system report cases, within the asking user's own sites."""
    sites = frozenset(asked.sites)
    made = await services.machines.make(
        asked.name,
        sites,
        asked.per_minute,
        by=visit.actor,
        uses=frozenset(asked.uses),
        days=asked.days,
    )
    return await _told(services, made)


@router.post("/{name}/rotate", openapi_extra=MANAGE)
async def rotate_machine(
    name: Name, visit: IsVisit, services: UsesServices, asked: Rotation | None = None
) -> MachineAnswer:
    """Draw a new secret; the old one opens a while yet, so that nothing is lost in between."""
    wish, actor = asked or Rotation(), visit.actor
    made = await services.machines.rotate(name, wish.overlap_h, by=actor, days=wish.days)
    return await _told(services, made)


@router.post("/{name}/end", openapi_extra=MANAGE)
async def end_machine(name: Name, visit: IsVisit, services: UsesServices) -> MachineAnswer:
    """Let it in no more, at once and for good."""
    return await _told(services, await services.machines.end(name, by=visit.actor))


@router.post("/{name}/callback", openapi_extra=MANAGE)
async def set_callback(
    name: Name, asked: CallbackAddress, visit: IsVisit, services: UsesServices
) -> MachineAnswer:
    """Say where it is told of its cases; each time the key that signs this is drawn anew."""
    return await _told(services, await services.machines.call_back(name, asked.url, by=visit.actor))


@router.get("/{name}/callbacks", openapi_extra=MANAGE)
async def list_callbacks(
    name: Name, visit: IsVisit, services: UsesServices, limit: Limit = 100
) -> list[Callback]:
    """What it was told of its cases, the newest first, and what could not be told."""
    return [show_callback(row) for row in await services.machines.told(visit.actor, name, limit)]


async def _told(services: Services, made: MadeMachine) -> MachineAnswer:
    told = await services.read(told_of)
    return MachineAnswer(
        machine=show_machine(made.machine, told.get(made.machine.id, Told()), services.now()),
        credential=made.credential,
        callback_secret=made.callback_secret,
    )

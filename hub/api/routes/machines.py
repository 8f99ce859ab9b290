"""Credentials of other systems."""

from typing import Annotated

from fastapi import APIRouter, Path

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.machines import MadeMachine
from hub.api.models.report import Machine, MachineAnswer, NewMachine, Rotation
from hub.api.needs import needs
from hub.api.present.report import show_machine
from hub.api.services import IsVisit, UsesServices

router = APIRouter(prefix="/api/machines", tags=["machines"], route_class=GuardedRoute)
MANAGE = needs(Permission.MACHINE_MANAGE)
Name = Annotated[str, Path(max_length=64)]


@router.get("", openapi_extra=MANAGE)
async def list_machines(visit: IsVisit, services: UsesServices) -> list[Machine]:
    """Other systems that may report cases, or once might."""
    return [show_machine(one) for one in await services.machines.all(visit.actor)]


@router.post("", status_code=201, openapi_extra=MANAGE)
async def make_machine(asked: NewMachine, visit: IsVisit, services: UsesServices) -> MachineAnswer:
    """Let another system report cases, within the asking user's own sites."""
    sites = frozenset(asked.sites)
    return _told(await services.machines.make(asked.name, sites, asked.per_minute, by=visit.actor))


@router.post("/{name}/rotate", openapi_extra=MANAGE)
async def rotate_machine(
    name: Name, visit: IsVisit, services: UsesServices, asked: Rotation | None = None
) -> MachineAnswer:
    """Draw a new secret; the old one opens a while yet, so that nothing is lost in between."""
    overlap_h = (asked or Rotation()).overlap_h
    return _told(await services.machines.rotate(name, overlap_h, by=visit.actor))


@router.post("/{name}/end", openapi_extra=MANAGE)
async def end_machine(name: Name, visit: IsVisit, services: UsesServices) -> MachineAnswer:
    """Let it in no more, at once and for good."""
    return _told(await services.machines.end(name, by=visit.actor))


def _told(made: MadeMachine) -> MachineAnswer:
    return MachineAnswer(machine=show_machine(made.machine), credential=made.credential)

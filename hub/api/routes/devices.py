"""Devices, what they measure, and commands to them."""

from typing import Annotated

from fastapi import APIRouter, Query

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.models.base import Page
from hub.api.models.command import Command, CommandRequest
from hub.api.models.device import Device, Telemetry
from hub.api.needs import needs
from hub.api.params import Cursor, Limit, Moment, SiteId, ThingId
from hub.api.present.command import command_page, one_command
from hub.api.present.device import devices, one_device
from hub.api.present.telemetry import MAX_POINTS, axis, chart
from hub.api.services import IsVisit, UsesServices
from hub.telemetry.port import Span

router = APIRouter(prefix="/api/sites/{site}/devices", tags=["devices"], route_class=GuardedRoute)
READ = needs(Permission.SITE_READ)
HOUR_MS = 3_600_000


@router.get("", openapi_extra=READ)
async def list_devices(site: SiteId, visit: IsVisit, services: UsesServices) -> list[Device]:
    """The site's devices, in the order of its file."""
    return await services.read(
        lambda reader: devices(reader, services.directory, visit.actor, site)
    )


@router.get("/{device}", openapi_extra=READ)
async def get_device(
    site: SiteId, device: ThingId, visit: IsVisit, services: UsesServices
) -> Device:
    """One device."""
    return await services.read(
        lambda reader: one_device(reader, services.directory, visit.actor, site, device)
    )


@router.get("/{device}/telemetry", openapi_extra=READ)
async def get_telemetry(
    site: SiteId,
    device: ThingId,
    services: UsesServices,
    *,
    signal: Annotated[str, Query(pattern=r"^[a-z][a-z0-9_]{0,31}$")],
    start: Annotated[Moment, Query(alias="from")] = None,
    end: Annotated[Moment, Query(alias="to")] = None,
    points: Annotated[int, Query(ge=1, le=MAX_POINTS)] = 600,
) -> Telemetry:
    """A number over time, in at most `points` buckets. Without `from`: the last hour."""
    until = services.now() if end is None else end
    since = until - HOUR_MS if start is None else start
    span = Span(site, device, signal, start=since, end=until, points=points)
    empty = axis(services.directory, span)
    return chart(empty, await services.charts.series(span))


@router.post("/{device}/commands", status_code=202, openapi_extra=needs(Permission.DEVICE_COMMAND))
async def send_command(
    site: SiteId, device: ThingId, asked: CommandRequest, visit: IsVisit, services: UsesServices
) -> Command:
    """Order a device to do something; what became of it comes with the stream."""
    command = await services.doors.send_command(visit.actor, site, device, asked)
    return await services.read(lambda reader: one_command(reader, site, device, command))


@router.get("/{device}/commands", openapi_extra=READ)
async def list_commands(
    site: SiteId,
    device: ThingId,
    services: UsesServices,
    *,
    limit: Limit = 50,
    before: Cursor = None,
) -> Page[Command]:
    """Commands to a device and what became of each, newest first."""
    return await services.read(
        lambda reader: command_page(
            reader, services.directory, site=site, device=device, limit=limit, before=before
        )
    )


@router.get("/{device}/commands/{command}", openapi_extra=READ)
async def get_command(
    site: SiteId, device: ThingId, command: ThingId, services: UsesServices
) -> Command:
    """A command and what became of it."""
    return await services.read(lambda reader: one_command(reader, site, device, command))

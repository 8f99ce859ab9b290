"""Where other systems (a hotline, city management) report cases, and ask after their own."""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request

from hub.access.machines import Use
from hub.api.door import GuardedRoute
from hub.api.models.base import Page
from hub.api.models.report import NewReport, ReportState, ReportTaken
from hub.api.needs import for_machines
from hub.api.params import LAST_MOMENT, Cursor, Limit, ThingId
from hub.api.present.report import report_page, report_state, taken
from hub.api.services import UsesServices
from hub.store.people.machines import Machine

router = APIRouter(prefix="/api/reports", tags=["reports"], route_class=GuardedRoute)

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{8,128}$",
        description="what the sender calls this one report, such as its own number; kept 7 days",
    ),
]


@router.post("", status_code=201, openapi_extra=for_machines(Use.REPORT))
async def report_case(
    asked: NewReport, request: Request, services: UsesServices, key: IdempotencyKey
) -> ReportTaken:
    """Report a case. Sent again with the same key it is the same case, and the same answer.

    The same key with something else answers 422 `idempotency-key-reused`.
    """
    machine = _machine(request)
    body = asked.model_dump_json().encode()
    body_hash = hashlib.sha256(body).hexdigest()
    case = await services.doors.report_case(machine, asked, key, body_hash)
    return await services.read(lambda reader: taken(reader, machine.id, case))


@router.get("", openapi_extra=for_machines(Use.READ))
async def list_reported(
    request: Request,
    services: UsesServices,
    *,
    since: Annotated[int, Query(ge=0, le=LAST_MOMENT, description="changed then or later, ms")] = 0,
    limit: Limit = 100,
    after: Cursor = None,
) -> Page[ReportState]:
    """The asking system's own cases, in the order in which they changed."""
    machine = _machine(request)
    return await services.read(
        lambda reader: report_page(reader, machine.id, since=since, after=after, limit=limit)
    )


@router.get("/{case}", openapi_extra=for_machines(Use.READ))
async def get_reported(case: ThingId, request: Request, services: UsesServices) -> ReportState:
    """Where one of the asking system's own cases stands."""
    machine = _machine(request)
    return await services.read(lambda reader: report_state(reader, machine.id, case))


def _machine(request: Request) -> Machine:
    machine: Machine = request.state.machine
    return machine

"""The audit trail."""

from typing import Annotated

from fastapi import APIRouter, Query

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.models.base import Page
from hub.api.models.people import AuditEntry, ChainCheck, Checkpoint
from hub.api.needs import needs
from hub.api.params import Cursor, Limit, Moment
from hub.api.present.audit import audit_page, chain_check, checkpoints
from hub.api.services import IsVisit, UsesServices
from hub.store.reads.trail import AuditQuery

router = APIRouter(prefix="/api/audit", tags=["audit"], route_class=GuardedRoute)
READ = needs(Permission.AUDIT_READ)
Chain = Annotated[
    str | None, Query(max_length=64, description="a site's id, or `_system`; without it, all")
]


@router.get("", openapi_extra=READ)
async def list_audit(  # noqa: PLR0913 - a filter each
    visit: IsVisit,
    services: UsesServices,
    *,
    chain: Chain = None,
    actor: Annotated[str | None, Query(max_length=64)] = None,
    action: Annotated[
        str | None, Query(max_length=64, description="one, or `case.` for all of these")
    ] = None,
    object: Annotated[  # noqa: A002 - as it is called in the answer
        str | None, Query(max_length=64, description="how it begins")
    ] = None,
    since: Moment = None,
    until: Moment = None,
    limit: Limit = 100,
    before: Cursor = None,
) -> Page[AuditEntry]:
    """What people did, newest first, in the sites that the asking user may see."""
    query = AuditQuery(
        chain=chain,
        actor=actor,
        action=action,
        object=object,
        since=since,
        until=until,
        limit=limit,
        before=before,
    )
    return await services.read(
        lambda reader: audit_page(reader, services.directory, visit.actor, query)
    )


@router.get("/chains", openapi_extra=READ)
async def check_chains(visit: IsVisit, services: UsesServices) -> list[ChainCheck]:
    """Check each chain of the trail from its first entry to its last.

    What was cut off at the end, or written anew as a whole, shows only against checkpoints that lie
    elsewhere: `gatehouse audit verify`.
    """
    key = services.signer.public_key
    return await services.read(
        lambda reader: chain_check(reader, services.directory, visit.actor, key)
    )


@router.get("/checkpoints", openapi_extra=READ)
async def make_checkpoints(visit: IsVisit, services: UsesServices) -> list[Checkpoint]:
    """A signed checkpoint of each chain as it is now, to be kept elsewhere."""
    now = services.now()
    return await services.read(
        lambda reader: checkpoints(reader, services.directory, visit.actor, services.signer, now)
    )

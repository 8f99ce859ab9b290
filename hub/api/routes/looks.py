"""Looks at access traces are declared here, before anything is shown."""

from typing import Annotated

from fastapi import APIRouter, Path

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.looking import IsLook
from hub.api.models.look import AboutMe, Look, LooksAtMe, NewLook, Unmasked, WhyUnmask
from hub.api.needs import needs
from hub.api.params import SiteId, ThingId
from hub.api.services import IsVisit, UsesServices
from hub.api.subjects import subject_of, unmask, who_looked
from hub.store.reads.passages import sealed_passage, sealed_subject

router = APIRouter(prefix="/api/sites/{site}", tags=["looks"], route_class=GuardedRoute)

Mark = Annotated[
    str, Path(pattern="^[0-9a-f]{12}$", description="somebody's mark, as passages show it")
]


@router.post("/looks", status_code=201, openapi_extra=needs(Permission.PASSAGE_LOOK))
async def declare_look(
    site: SiteId, asked: NewLook, visit: IsVisit, services: UsesServices
) -> Look:
    """Say what for, why and for which case; good for a while, for all access traces here."""
    made = await services.looking.declare(visit.actor, site, **asked.model_dump())
    count = await services.looking.tally(visit.actor)
    quota = services.looking.config.quota_of(visit.actor.role)
    return Look(
        id=made.id,
        purpose=made.purpose,
        purpose_name=services.directory.purposes[made.purpose].name,
        reason=made.reason,
        case=made.case,
        at=made.at,
        until=made.until,
        people=count.people,
        people_limit=quota.people,
        pages=count.pages,
        pages_limit=quota.pages,
    )


@router.post("/looks/about", openapi_extra=needs(Permission.LOOK_REPORT))
async def report_looks(
    site: SiteId, asked: AboutMe, look: IsLook, services: UsesServices
) -> LooksAtMe:
    """Who looked at somebody who asks, and what for; under a look with a purpose of its own."""
    subject = subject_of(services, site, asked.sort, asked.value)
    return await who_looked(services, site, look, subject)


@router.post("/passages/{passage}/unmask", openapi_extra=needs(Permission.PASSAGE_UNMASK))
async def unmask_passage(
    site: SiteId, passage: ThingId, asked: WhyUnmask, look: IsLook, services: UsesServices
) -> Unmasked:
    """The card or plate of one passage in clear, for a reason; on record under its own name."""
    found = await services.read(lambda reader: sealed_passage(reader, site, passage))
    return await unmask(services, site, look, found, name=passage, reason=asked.reason)


@router.post("/subjects/{mark}/unmask", openapi_extra=needs(Permission.PASSAGE_UNMASK))
async def unmask_subject(
    site: SiteId, mark: Mark, asked: WhyUnmask, look: IsLook, services: UsesServices
) -> Unmasked:
    """The card or plate of somebody in clear, as `unmask_passage`."""
    found = await services.read(lambda reader: sealed_subject(reader, site, mark))
    return await unmask(services, site, look, found, name=mark, reason=asked.reason)

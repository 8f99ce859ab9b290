"""The list of cases as a place of work: saved views, and one action on many cases."""

from typing import Annotated

from fastapi import APIRouter, Header

from hub.access.authorise import Thing, authorise
from hub.access.permissions import Permission
from hub.api.bulk import Bulk
from hub.api.door import GuardedRoute
from hub.api.models.case_queue import BulkAnswer, BulkRequest, CaseView, NewCaseView
from hub.api.needs import needs
from hub.api.params import SiteId, ThingId
from hub.api.services import IsVisit, Services, UsesServices
from hub.api.visit import Visit
from hub.cases import ACTIONS
from hub.errors import NotFoundError
from hub.store.people.case_views import add_view, drop_view, views_of

router = APIRouter(prefix="/api/sites/{site}", tags=["cases"], route_class=GuardedRoute)
_Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{8,64}$",
        description="what the sender calls this one request: sent again, no case is acted upon "
        "twice; kept 7 days",
    ),
]


@router.get("/case-views", openapi_extra=needs(Permission.CASE_ACT))
async def list_case_views(site: SiteId, visit: IsVisit, services: UsesServices) -> list[CaseView]:
    """The asking person's own views of the list, oldest first."""
    return await _views(site, visit, services)


@router.post("/case-views", status_code=201, openapi_extra=needs(Permission.CASE_ACT))
async def keep_case_view(
    site: SiteId, asked: NewCaseView, visit: IsVisit, services: UsesServices
) -> list[CaseView]:
    """Keep a view under a name; the same name again replaces it. All of them come back."""
    name, told = asked.name.strip(), asked.asked.model_dump(mode="json", exclude_defaults=True)
    owner, now = visit.actor.name, services.now()
    await services.desk.write(lambda writer: add_view(writer, owner, site, name, told, now))
    return await _views(site, visit, services)


@router.post("/case-views/{view}/drop", openapi_extra=needs(Permission.CASE_ACT))
async def drop_case_view(
    site: SiteId, view: ThingId, visit: IsVisit, services: UsesServices
) -> list[CaseView]:
    """Forget one of one's own views."""
    owner = visit.actor.name
    await services.desk.write(lambda writer: drop_view(writer, owner, site, view))
    return await _views(site, visit, services)


@router.post("/case-actions/{action}", openapi_extra=needs(Permission.CASE_ACT))
async def act_on_cases(
    site: SiteId,
    action: ThingId,
    asked: BulkRequest,
    visit: IsVisit,
    services: UsesServices,
    key: _Key,
) -> BulkAnswer:
    """Take one step on many cases: each is decided by itself, and the answer says of each.

    Which actions may be taken so stands in `bulk` of `/api/case-flow`.
    """
    spec = ACTIONS.get(action)
    if spec is None:
        raise NotFoundError("action", action)
    authorise(visit.actor, Permission.CASE_ACT, Thing(site, spec.role))
    outcomes = await Bulk(services.doors, visit.actor, site, action, asked, key).run()
    return BulkAnswer(done=sum(one.outcome == "done" for one in outcomes), outcomes=outcomes)


async def _views(site: str, visit: Visit, services: Services) -> list[CaseView]:
    rows = await services.read(lambda reader: views_of(reader, visit.actor.name, site))
    return [CaseView.model_validate(dict(one)) for one in rows]

"""Access traces: each look has a stated purpose and is on record before it is answered."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.looking import IsLook
from hub.api.models.base import Page
from hub.api.models.passage import Passage
from hub.api.needs import needs
from hub.api.params import Cursor, Limit, Moment, OptionalId, SiteId
from hub.api.present.passage import passage_page
from hub.api.services import UsesServices
from hub.store.reads.passages import PassageQuery, passage_rows

router = APIRouter(prefix="/api/sites/{site}", tags=["passages"], route_class=GuardedRoute)


@router.get("/passages", openapi_extra=needs(Permission.PASSAGE_LOOK))
async def list_passages(  # noqa: PLR0913 - query parameters, all by name
    site: SiteId,
    services: UsesServices,
    look: IsLook,
    *,
    device: OptionalId = None,
    subject: Annotated[
        str | None,
        Query(pattern="^[0-9a-f]{12}$", description="somebody's mark, as passages show it"),
    ] = None,
    start: Annotated[Moment, Query(alias="from")] = None,
    end: Annotated[Moment, Query(alias="to")] = None,
    limit: Limit = 100,
    before: Cursor = None,
) -> Page[Passage]:
    """Who passed where, newest first, credentials masked."""
    query = PassageQuery(
        device=device, subject=subject, start=start, end=end, limit=limit, before=before
    )
    found = await services.read(lambda reader: passage_rows(reader, site, query))
    await look.shown(
        "passage.look",
        device or site,
        subjects=[row["subject"] for row in found.records],
        person=subject,
        **asdict(query),
    )
    return passage_page(found, services.directory, site)

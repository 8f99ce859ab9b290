"""Lists of residents: the template, and taking one in."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.models.household import ImportOutcome, TemplateLanguage
from hub.api.needs import needs
from hub.api.params import SiteId
from hub.api.present.household import show_outcome
from hub.api.services import IsVisit, UsesServices
from hub.households.columns import template
from hub.store.households.importing import ListMode

router = APIRouter(
    prefix="/api/sites/{site}/residents-list", tags=["households"], route_class=GuardedRoute
)
MANAGE = needs(Permission.HOUSEHOLD_MANAGE)

_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in (
                "text/csv",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            )
        },
    }
}


@router.post("", openapi_extra=MANAGE | _BODY)
async def import_residents(
    site: SiteId,
    request: Request,
    visit: IsVisit,
    services: UsesServices,
    mode: Annotated[ListMode, Query(description="`try` writes nothing")] = ListMode.TRY,
) -> ImportOutcome:
    """Take a list in: CSV in UTF-8 or GB 18030, or .xlsx, of up to 10 MiB and 50,000 lines.

    `whole`: all of it, or nothing where a line is wrong. `lines`: every line that is right. The
    same list again changes nothing. Formulas are not worked out, but refused.
    """
    data = await request.body()
    return show_outcome(await services.residents_lists.take(site, data, mode, visit.actor))


@router.get(
    "/template",
    openapi_extra=MANAGE,
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "the template"}},
)
async def get_residents_template(
    site: SiteId,  # noqa: ARG001 - the same on each site
    language: TemplateLanguage = TemplateLanguage.ZH,
) -> Response:
    """An empty list with its header and a sample line, which spreadsheets open."""
    name = f"residents-{language.value}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(template(language.value), media_type="text/csv", headers=headers)

"""The page behind a message's link. Opening it changes nothing: link scanners open everything."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from starlette.responses import HTMLResponse

from hub.access.accept_links import LinkRefusedError
from hub.access.errors import NotLoggedInError
from hub.api.accept_page import Language, done_page, language_of, offer_page, refusal_page
from hub.api.door import COOKIE, GuardedRoute
from hub.api.needs import for_links
from hub.api.services import Services, UsesServices

router = APIRouter(tags=["accept"], route_class=GuardedRoute)

Token = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
_STATUS: Final = {
    "link-unknown": 404,
    "link-used": 410,
    "link-expired": 410,
    "link-taken": 409,
    "link-login": 401,
}


@router.get("/accept/{token}", openapi_extra=for_links(), response_class=HTMLResponse)
async def see_accept_link(token: Token, request: Request, services: UsesServices) -> HTMLResponse:
    """What the link would accept, and for whom."""
    language = _language(request)
    try:
        offer = await services.accepting.look(token, await _visitor(request, services))
    except LinkRefusedError as refused:
        return _refusal(refused, language)
    return offer_page(offer, services.directory, language)


@router.post("/accept/{token}", openapi_extra=for_links(), response_class=HTMLResponse)
async def use_accept_link(token: Token, request: Request, services: UsesServices) -> HTMLResponse:
    """Accept the case as the message's recipient; once."""
    language = _language(request)
    try:
        offer = await services.accepting.use(token, await _visitor(request, services))
    except LinkRefusedError as refused:
        return _refusal(refused, language)
    return done_page(offer, services.directory, language)


def _refusal(refused: LinkRefusedError, language: Language) -> HTMLResponse:
    return refusal_page(refused, _STATUS.get(refused.code, 403), language)


def _language(request: Request) -> Language:
    return language_of(request.headers.get("accept-language"))


async def _visitor(request: Request, services: Services) -> str | None:
    """Who is logged in in this browser; the link's token stands against forged requests."""
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    try:
        return (await services.logins.resume(token)).actor.name
    except NotLoggedInError:
        return None

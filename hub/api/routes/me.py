"""The own session and password."""

from fastapi import APIRouter, Response

from hub.access.permissions import Permission
from hub.api.cookies import clear_session
from hub.api.door import GuardedRoute
from hub.api.models.people import Login, PasswordChange
from hub.api.needs import needs
from hub.api.present.people import person
from hub.api.services import IsVisit, UsesServices

router = APIRouter(prefix="/api", tags=["session"], route_class=GuardedRoute)


@router.get("/me", openapi_extra=needs(Permission.SELF))
async def get_me(visit: IsVisit) -> Login:
    """Who is logged in, and the CSRF token of the session."""
    return Login(user=person(visit.actor), csrf=visit.csrf)


@router.post("/logout", status_code=204, openapi_extra=needs(Permission.SELF))
async def logout(visit: IsVisit, response: Response, services: UsesServices) -> None:
    """End the session, and with it its streams."""
    await services.logins.logout(visit)
    clear_session(response, secure=services.secure)


@router.post("/me/password", status_code=204, openapi_extra=needs(Permission.SELF))
async def change_password(asked: PasswordChange, visit: IsVisit, services: UsesServices) -> None:
    """Change the own password; ends the user's other sessions."""
    await services.staff.change_password(visit, old=asked.old, new=asked.new)

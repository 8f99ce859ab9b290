"""The routes that take no login: health, and the login itself."""

from fastapi import APIRouter, Request, Response

from hub.api.cookies import address_of, set_session
from hub.api.door import GuardedRoute
from hub.api.models.catalogue import Health
from hub.api.models.people import Login, LoginRequest
from hub.api.needs import open_to_all
from hub.api.present.people import person
from hub.api.services import UsesServices

router = APIRouter(prefix="/api", tags=["session"], route_class=GuardedRoute)


@router.get("/health", openapi_extra=open_to_all())
async def health(services: UsesServices) -> Health:
    """Whether the hub serves, and takes in."""
    intake = services.intake()
    return Health(
        status="ok" if intake.failing_since is None else "degraded",
        version=services.version,
        hub_boot=services.hub_boot,
        now=services.now(),
        broker=services.broker_connected(),
        store_failing_since=intake.failing_since,
        waiting=intake.waiting,
        shed=dict(intake.shed),
    )


@router.post("/login", openapi_extra=open_to_all())
async def login(
    asked: LoginRequest, request: Request, response: Response, services: UsesServices
) -> Login:
    """Log in; sets the session cookie. Wrong name and wrong password answer alike.

    401 with the code `code-needed`: name and password are right, and the account has a second
    factor; send all three.
    """
    opened = await services.logins.login(
        asked.name, asked.password, address_of(request), asked.code
    )
    set_session(response, opened.token, secure=services.secure)
    return Login(user=person(opened.actor), csrf=opened.csrf)

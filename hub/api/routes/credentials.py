"""Sessions, second factors and API tokens: one's own, and those of accounts one manages."""

from typing import Annotated

from fastapi import APIRouter, Path

from hub.access import totp
from hub.access.permissions import GRANTS, Permission, Scope
from hub.access.tokens import NEVER
from hub.api.door import GuardedRoute
from hub.api.models.credentials import (
    ApiToken,
    Enrolment,
    FactorEnd,
    FactorStanding,
    NewToken,
    PermissionInfo,
    RecoveryCodes,
    SessionInfo,
    TokenAnswer,
    WithCode,
    WithPassword,
)
from hub.api.needs import needs
from hub.api.present.credentials import show_session, show_token
from hub.api.qr import qr_rows
from hub.api.services import IsVisit, UsesServices

router = APIRouter(prefix="/api", tags=["credentials"], route_class=GuardedRoute)
OWN = needs(Permission.SELF)
MANAGE = needs(Permission.USER_MANAGE)
Name = Annotated[str, Path(max_length=64)]
Hex16 = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]


@router.get("/me/sessions", openapi_extra=OWN)
async def list_own_sessions(visit: IsVisit, services: UsesServices) -> list[SessionInfo]:
    """The own sessions that are alive."""
    found = await services.sessions.of(visit.actor.name, by=visit.actor)
    return [show_session(one, visit) for one in found]


@router.post("/me/sessions/{session}/end", status_code=204, openapi_extra=OWN)
async def end_own_session(session: Hex16, visit: IsVisit, services: UsesServices) -> None:
    """End one of them, with its streams."""
    await services.sessions.end(visit.actor.name, session, by=visit.actor)


@router.get("/me/second-factor", openapi_extra=OWN)
async def get_second_factor(visit: IsVisit, services: UsesServices) -> FactorStanding:
    """Whether the asking person has one, and has to."""
    found = await services.factors.standing(visit)
    return FactorStanding(
        confirmed=found.confirmed, required=found.required, recovery=found.recovery
    )


@router.post("/me/second-factor", openapi_extra=OWN)
async def begin_second_factor(
    asked: WithPassword, visit: IsVisit, services: UsesServices
) -> Enrolment:
    """Draw a secret for an authenticator app; it holds once a code of it was told."""
    secret = await services.factors.begin(visit, asked.password)
    address = totp.address(secret, visit.actor.name)
    return Enrolment(secret=totp.shown(secret), address=address, picture=qr_rows(address))


@router.post("/me/second-factor/confirm", openapi_extra=OWN)
async def confirm_second_factor(
    asked: WithCode, visit: IsVisit, services: UsesServices
) -> RecoveryCodes:
    """Ask for codes from now on; the other sessions end."""
    return RecoveryCodes(codes=await services.factors.confirm(visit, asked.code))


@router.post("/me/second-factor/remove", status_code=204, openapi_extra=OWN)
async def remove_second_factor(asked: FactorEnd, visit: IsVisit, services: UsesServices) -> None:
    """Ask for codes no more."""
    await services.factors.remove(visit, password=asked.password, code=asked.code)


@router.get("/me/tokens", openapi_extra=OWN)
async def list_own_tokens(visit: IsVisit, services: UsesServices) -> list[ApiToken]:
    """The own tokens, ended ones included."""
    return [show_token(one) for one in await services.tokens.of(visit.actor.name)]


@router.get("/me/tokens/permissions", openapi_extra=OWN)
async def list_token_permissions(visit: IsVisit) -> list[PermissionInfo]:
    """What a token of the asking person may be good for."""
    return [
        PermissionInfo(id=one.value, about_site=grant.scope is Scope.SITE)
        for one, grant in GRANTS.items()
        if one not in NEVER and visit.actor.role.at_least(grant.role)
    ]


@router.post("/me/tokens", status_code=201, openapi_extra=OWN)
async def make_token(asked: NewToken, visit: IsVisit, services: UsesServices) -> TokenAnswer:
    """Make a token for a script, within the own rights; its credential is shown once."""
    token, credential = await services.tokens.make(
        visit.actor,
        asked.name,
        permissions=frozenset(asked.permissions),
        sites=frozenset(asked.sites),
        ends_at=asked.ends_at,
    )
    return TokenAnswer(token=show_token(token), credential=credential)


@router.post("/me/tokens/{token}/end", status_code=204, openapi_extra=OWN)
async def end_own_token(token: Hex16, visit: IsVisit, services: UsesServices) -> None:
    """Let it in no more, at once and for good."""
    await services.tokens.end(visit.actor.name, token, by=visit.actor)


@router.get("/users/{name}/sessions", openapi_extra=MANAGE)
async def list_sessions(name: Name, visit: IsVisit, services: UsesServices) -> list[SessionInfo]:
    """Somebody's sessions that are alive."""
    return [show_session(one, visit) for one in await services.sessions.of(name, by=visit.actor)]


@router.post("/users/{name}/sessions/end", status_code=204, openapi_extra=MANAGE)
async def end_sessions(name: Name, visit: IsVisit, services: UsesServices) -> None:
    """End all of somebody's sessions, with their streams."""
    await services.sessions.end(name, None, by=visit.actor)


@router.post("/users/{name}/sessions/{session}/end", status_code=204, openapi_extra=MANAGE)
async def end_session(name: Name, session: Hex16, visit: IsVisit, services: UsesServices) -> None:
    """End one of somebody's sessions, with its streams."""
    await services.sessions.end(name, session, by=visit.actor)


@router.post("/users/{name}/second-factor/reset", status_code=204, openapi_extra=MANAGE)
async def reset_second_factor(name: Name, visit: IsVisit, services: UsesServices) -> None:
    """Take somebody's second factor away who has lost it; their sessions end."""
    await services.factors.reset(name, by=visit.actor)


@router.get("/users/{name}/tokens", openapi_extra=MANAGE)
async def list_tokens(name: Name, visit: IsVisit, services: UsesServices) -> list[ApiToken]:
    """Somebody's tokens."""
    return [show_token(one) for one in await services.tokens.of_user(name, by=visit.actor)]


@router.post("/users/{name}/tokens/{token}/end", status_code=204, openapi_extra=MANAGE)
async def end_token(name: Name, token: Hex16, visit: IsVisit, services: UsesServices) -> None:
    """Let somebody's token in no more."""
    await services.tokens.end(name, token, by=visit.actor)

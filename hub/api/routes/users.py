"""Accounts."""

from typing import Annotated

from fastapi import APIRouter, Path

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.models.people import NewUser, User, UserAnswer, UserChange
from hub.api.needs import needs
from hub.api.present.people import user
from hub.api.services import IsVisit, UsesServices
from hub.api.staff import Change

router = APIRouter(prefix="/api/users", tags=["users"], route_class=GuardedRoute)
MANAGE = needs(Permission.USER_MANAGE)
Name = Annotated[str, Path(max_length=64)]


@router.get("", openapi_extra=MANAGE)
async def list_users(visit: IsVisit, services: UsesServices) -> list[User]:
    """The accounts that the asking user may manage."""
    return [user(account) for account in await services.staff.users(visit.actor)]


@router.post("", status_code=201, openapi_extra=MANAGE)
async def create_user(asked: NewUser, visit: IsVisit, services: UsesServices) -> UserAnswer:
    """Make an account, within the asking user's own role and sites."""
    made = await services.staff.create_user(
        asked.name,
        asked.role,
        frozenset(asked.sites),
        password=asked.password,
        by=visit.actor,
        department=asked.department,
    )
    return UserAnswer(user=user(made.account), password=made.password)


@router.patch("/{name}", openapi_extra=MANAGE)
async def change_user(
    name: Name, asked: UserChange, visit: IsVisit, services: UsesServices
) -> UserAnswer:
    """Change an account's role, sites or password, or disable it; its sessions end."""
    made = await services.staff.change_user(
        name,
        Change(
            role=asked.role,
            sites=None if asked.sites is None else frozenset(asked.sites),
            disabled=asked.disabled,
            department=asked.department,
            reset_password=asked.reset_password,
        ),
        by=visit.actor,
    )
    return UserAnswer(user=user(made.account), password=made.password)

"""What the hub knows before anything happens."""

from fastapi import APIRouter

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.models.catalogue import (
    CaseFlow,
    CategoryInfo,
    ConditionInfo,
    DepartmentInfo,
    Site,
)
from hub.api.models.people import Purpose
from hub.api.needs import needs
from hub.api.services import IsVisit, UsesServices
from wire.kinds import Kind

router = APIRouter(prefix="/api", tags=["catalogue"], route_class=GuardedRoute)
READ = needs(Permission.CATALOGUE_READ)


@router.get("/kinds", openapi_extra=READ)
async def list_kinds(services: UsesServices) -> list[Kind]:
    """The device kinds: signals, units, actions."""
    return list(services.directory.kinds.values())


@router.get("/conditions", openapi_extra=READ)
async def list_conditions(services: UsesServices) -> list[ConditionInfo]:
    """The alarm types, and what the guard does about each."""
    return list(services.directory.conditions.values())


@router.get("/categories", openapi_extra=READ)
async def list_categories(services: UsesServices) -> list[CategoryInfo]:
    """The case catalogue."""
    return list(services.directory.categories.values())


@router.get("/departments", openapi_extra=READ)
async def list_departments(services: UsesServices) -> list[DepartmentInfo]:
    """Who handles cases: departments and contractors."""
    return list(services.directory.departments.values())


@router.get("/case-flow", openapi_extra=READ)
async def get_case_flow(services: UsesServices) -> CaseFlow:
    """The states of a case, and the steps between them."""
    return services.directory.flow


@router.get("/purposes", openapi_extra=READ)
async def list_purposes(services: UsesServices) -> list[Purpose]:
    """The purposes for which access traces may be looked at."""
    return list(services.directory.purposes.values())


@router.get("/sites", openapi_extra=READ)
async def list_sites(visit: IsVisit, services: UsesServices) -> list[Site]:
    """The sites that the asking user may see."""
    return [site for site in services.directory.sites.values() if visit.actor.sees(site.id)]

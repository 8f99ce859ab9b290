"""For integrators: the simulator that runs beside this hub. Without one, every answer is 404."""

from fastapi import APIRouter

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.models.simulator import (
    Injected,
    InjectRequest,
    ScenarioRequest,
    Scorecard,
    Simulator,
)
from hub.api.needs import needs
from hub.api.params import SiteId
from hub.api.services import IsVisit, UsesServices
from hub.api.simulators import running

router = APIRouter(
    prefix="/api/sites/{site}/simulator", tags=["simulator"], route_class=GuardedRoute
)
USE = needs(Permission.SIMULATOR_USE)


@router.get("", openapi_extra=USE)
async def get_simulator(site: SiteId, services: UsesServices) -> Simulator:
    """The run, the scenarios that there are, and what can be made to happen."""
    return running(services.simulators, site).card()


@router.get("/scorecard", openapi_extra=USE)
async def get_scorecard(site: SiteId, services: UsesServices) -> Scorecard:
    """What was true so far, what the hub said of it, and how soon."""
    return await running(services.simulators, site).scorecard()


@router.post("/scenario", openapi_extra=USE)
async def start_scenario(
    site: SiteId, asked: ScenarioRequest, visit: IsVisit, services: UsesServices
) -> Simulator:
    """Play a scenario from its beginning; what has begun goes on to its end."""
    simulator = running(services.simulators, site)
    told = services.trail.act(visit.actor, site, "simulator.start", asked.scenario)
    await services.trail.begun(told)
    async with services.trail.noting_refusal(told):
        simulator.start(asked.scenario)
    return simulator.card()


@router.post("/injections", status_code=202, openapi_extra=USE)
async def inject_event(
    site: SiteId, asked: InjectRequest, visit: IsVisit, services: UsesServices
) -> Injected:
    """Have something happen at a simulated device, as soon as nobody is there any more."""
    simulator = running(services.simulators, site)
    told = services.trail.act(
        visit.actor, site, "simulator.inject", asked.device, event=asked.event
    )
    await services.trail.begun(told)
    async with services.trail.noting_refusal(told):
        return simulator.inject(asked.event, asked.device, asked.options, by=visit.actor.name)

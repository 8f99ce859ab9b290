"""Where edge agents get their certificates. What they show is a proof, never a session."""

import asyncio

from fastapi import APIRouter

from hub.api.door import GuardedRoute
from hub.api.needs import open_to_all
from hub.api.services import UsesServices
from wire.enrolment import EnrolmentAnswer, EnrolmentRequest, RenewalRequest

router = APIRouter(prefix="/api/enrolment", tags=["devices"], route_class=GuardedRoute)


@router.post("", openapi_extra=open_to_all())
async def enrol_agent(asked: EnrolmentRequest, services: UsesServices) -> EnrolmentAnswer:
    """The first certificate of an agent, for the claim code that it proves to know."""
    return await asyncio.to_thread(services.enrolment.enrol, asked)


@router.post("/renewals", openapi_extra=open_to_all())
async def renew_agent(asked: RenewalRequest, services: UsesServices) -> EnrolmentAnswer:
    """The next certificate of an agent, for the present one, whose key has signed for it."""
    return await asyncio.to_thread(services.enrolment.renew, asked)

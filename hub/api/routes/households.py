"""Who lives where, masked; names under seal are opened one by one, with a purpose and a reason."""

from typing import Annotated

from fastapi import APIRouter, Query

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.looking import IsLook
from hub.api.models.base import Page
from hub.api.models.household import (
    CareNote,
    CredentialChange,
    Household,
    HouseholdChange,
    HouseholdSearch,
    NewCredential,
    NewHousehold,
    NewResident,
    ResidentChange,
    TagInfo,
    TallyDay,
    UnmaskedResident,
)
from hub.api.models.look import WhyUnmask
from hub.api.needs import needs
from hub.api.params import SiteId, ThingId
from hub.api.present.household import Eyes, show_household, show_missed
from hub.api.services import IsVisit, Services, UsesServices
from hub.api.visit import Visit
from hub.store.households import reads
from hub.store.households.presence import DAY_MS, missed, tally

router = APIRouter(prefix="/api/sites/{site}", tags=["households"], route_class=GuardedRoute)
READ = needs(Permission.HOUSEHOLD_READ)
MANAGE = needs(Permission.HOUSEHOLD_MANAGE)
_HOUR_MS = 3_600_000


@router.post("/households/search", openapi_extra=READ)
async def search_households(
    site: SiteId, wish: HouseholdSearch, visit: IsVisit, services: UsesServices
) -> Page[Household]:
    """Households by place, masked. The search is on record by what kind of thing it asks for."""
    query = services.households.query(site, wish, visit.actor)
    asked = sorted(wish.model_fields_set - {"limit", "after"})
    act = services.trail.act(visit.actor, site, "household.search", site, asked=asked)
    await services.trail.looked(act)
    homes, after = await services.read(lambda reader: reads.household_page(reader, site, query))
    eyes = Eyes(services.directory, visit.actor)
    return Page(items=[show_household(one, eyes) for one in homes], next=after)


@router.get("/households/{household}", openapi_extra=READ)
async def get_household(
    site: SiteId, household: ThingId, visit: IsVisit, services: UsesServices
) -> Household:
    """One household, masked."""
    return await _told(services, visit, site, household)


@router.post("/households", status_code=201, openapi_extra=MANAGE)
async def add_household(
    site: SiteId, wish: NewHousehold, visit: IsVisit, services: UsesServices
) -> Household:
    """Register a household."""
    name = await services.households.make_household(site, wish, visit.actor)
    return await _told(services, visit, site, name)


@router.patch("/households/{household}", openapi_extra=MANAGE)
async def change_household(
    site: SiteId, household: ThingId, wish: HouseholdChange, visit: IsVisit, services: UsesServices
) -> Household:
    """Say since and until when it lives there."""
    await services.households.change(site, "household", household, wish, visit.actor)
    return await _told(services, visit, site, household)


@router.delete("/households/{household}", status_code=204, openapi_extra=MANAGE)
async def remove_household(
    site: SiteId, household: ThingId, visit: IsVisit, services: UsesServices
) -> None:
    """Remove one in which nobody and nothing is registered."""
    await services.households.remove(site, "household", household, visit.actor)


@router.post("/households/{household}/people", status_code=201, openapi_extra=MANAGE)
async def add_resident(
    site: SiteId, household: ThingId, wish: NewResident, visit: IsVisit, services: UsesServices
) -> Household:
    """Register somebody in a household."""
    await services.households.make_person(site, household, wish, visit.actor)
    return await _told(services, visit, site, household)


@router.patch("/households/{household}/people/{person}", openapi_extra=MANAGE)
async def change_resident(
    site: SiteId,
    household: ThingId,
    person: ThingId,
    wish: ResidentChange,
    visit: IsVisit,
    services: UsesServices,
) -> Household:
    """Change somebody's entry; tags that the asking role does not see stay."""
    await services.households.change_person(site, person, wish, visit.actor)
    return await _told(services, visit, site, household)


@router.delete("/people/{person}", status_code=204, openapi_extra=MANAGE)
async def remove_resident(
    site: SiteId, person: ThingId, visit: IsVisit, services: UsesServices
) -> None:
    """Take a wrong entry off the register. What passages say is untouched: that is an erasure."""
    await services.households.remove(site, "person", person, visit.actor)


@router.post("/people/{person}/unmask", openapi_extra=needs(Permission.HOUSEHOLD_UNMASK))
async def unmask_resident(
    site: SiteId, person: ThingId, asked: WhyUnmask, look: IsLook, services: UsesServices
) -> UnmaskedResident:
    """Show somebody's name and number, under a declared look and for a reason; on record first."""
    return await services.households.unmask(site, person, look, asked.reason)


@router.post("/households/{household}/credentials", status_code=201, openapi_extra=MANAGE)
async def add_credential(
    site: SiteId, household: ThingId, wish: NewCredential, visit: IsVisit, services: UsesServices
) -> Household:
    """Register a card, or a car by its plate."""
    await services.households.make_credential(site, household, wish, visit.actor)
    return await _told(services, visit, site, household)


@router.patch("/households/{household}/credentials/{credential}", openapi_extra=MANAGE)
async def change_credential(
    site: SiteId,
    household: ThingId,
    credential: ThingId,
    wish: CredentialChange,
    visit: IsVisit,
    services: UsesServices,
) -> Household:
    """Say whose it is, and since and until when it holds."""
    await services.households.change(site, "credential", credential, wish, visit.actor)
    return await _told(services, visit, site, household)


@router.delete("/credentials/{credential}", status_code=204, openapi_extra=MANAGE)
async def remove_credential(
    site: SiteId, credential: ThingId, visit: IsVisit, services: UsesServices
) -> None:
    """Take a card or car off the register."""
    await services.households.remove(site, "credential", credential, visit.actor)


@router.get("/households/{household}/tally", openapi_extra=MANAGE)
async def tally_household(
    site: SiteId,
    household: ThingId,
    look: IsLook,
    services: UsesServices,
    days: Annotated[int, Query(ge=1, le=90)] = 14,
) -> list[TallyDay]:
    """How often somebody of it came in and went out, by day, under a declared look.

    Nobody is named.
    """
    await services.read(lambda reader: reads.one_household(reader, site, household))
    subjects = await services.read(
        lambda reader: reads.subjects_of(reader, site, household=household)
    )
    await look.shown("household.tally", household, subjects=subjects, person=household, days=days)
    now = services.now()
    shift = round(services.directory.org.roster.utc_offset * _HOUR_MS)
    since = (now + shift) // DAY_MS * DAY_MS - shift - (days - 1) * DAY_MS
    until = since + days * DAY_MS
    found = await services.read(
        lambda reader: tally(reader, site, household, since=since, until=until, shift=shift)
    )
    return [
        TallyDay(day=one.day, came_in=one.came_in, went_out=one.went_out, other=one.other)
        for one in found
    ]


@router.get("/care", openapi_extra=READ)
async def list_care(site: SiteId, visit: IsVisit, services: UsesServices) -> list[CareNote]:
    """Whom somebody should look after: nothing of them has passed for as long as their tag says.

    The look is on record.
    """
    eyes = Eyes(services.directory, visit.actor)
    quiet = {
        name: days
        for name in eyes.seen
        if (days := services.directory.tags[name].quiet_days) is not None
    }
    act = services.trail.act(visit.actor, site, "household.care", site)
    await services.trail.looked(act)
    now = services.now()
    found = await services.read(lambda reader: missed(reader, site, quiet, now))
    return [show_missed(one, site, eyes) for one in found]


@router.get("/tags", openapi_extra=READ)
async def list_tags(site: SiteId, visit: IsVisit, services: UsesServices) -> list[TagInfo]:  # noqa: ARG001 - the same on each site
    """The tags that the asking role sees."""
    known = services.directory.tags
    return [
        TagInfo(id=name, name=known[name].name, quiet_days=known[name].quiet_days)
        for name in Eyes(services.directory, visit.actor).seen
    ]


async def _told(services: Services, visit: Visit, site: str, name: str) -> Household:
    home = await services.read(lambda reader: reads.one_household(reader, site, name))
    return show_household(home, Eyes(services.directory, visit.actor))

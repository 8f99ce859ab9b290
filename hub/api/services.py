"""What the routes work with; `hub.app` puts it together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from sqlalchemy import Connection

from hub.access.checkpoints import Signer
from hub.api.accepting import Accepting
from hub.api.charts import Charts
from hub.api.configuring import Configuring
from hub.api.couriers import Couriers
from hub.api.desk import Desk
from hub.api.directory import Directory
from hub.api.doors import Doors
from hub.api.erasing import Erasing
from hub.api.export_making import ExportMaker
from hub.api.exports import ExportDesk
from hub.api.factors import Factors
from hub.api.households import Households
from hub.api.logins import Logins
from hub.api.looking import LookDesk
from hub.api.looks import Looks
from hub.api.machines import Machines
from hub.api.media import MediaDesk
from hub.api.openings import Openings
from hub.api.photos import PhotoDesk
from hub.api.plans import Plans
from hub.api.residents_lists import ResidentsLists
from hub.api.roll_call import RollCall
from hub.api.sessions import Sessions
from hub.api.simulators import Simulators
from hub.api.staff import Staff
from hub.api.tokens import Tokens
from hub.api.trail import Trail
from hub.api.visit import Visit
from hub.bulletins.making import BulletinMaker
from hub.ingest import IngestHealth
from hub.live import Feed, LivePictures
from hub.pki import Enrolment
from hub.store.seal import Seal

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that a route may reach.

    now: the hub's clock, ms. broker_connected, intake: asked at each health
    request.
    secure: browsers come by https, and cookies are for https only.
    evidence_days: by class, how long evidence is kept.
    kept_days: by class of records, how long they are kept.
    seal: hashes, seals and opens what is sensitive.
    simulators: that run beside the hub; None where nobody handed any in.
    """

    version: str
    hub_boot: str
    now: Callable[[], int]
    broker_connected: Callable[[], bool]
    intake: Callable[[], IngestHealth]
    directory: Directory
    charts: Charts
    configuring: Configuring
    desk: Desk
    logins: Logins
    roll_call: RollCall
    machines: Machines
    staff: Staff
    factors: Factors
    tokens: Tokens
    signer: Signer
    sessions: Sessions
    trail: Trail
    doors: Doors
    bulletins: BulletinMaker
    accepting: Accepting
    feed: Feed
    live: LivePictures
    couriers: Couriers
    enrolment: Enrolment
    openings: Openings
    media: MediaDesk
    photos: PhotoDesk
    plans: Plans
    looking: LookDesk
    exports: ExportDesk
    export_maker: ExportMaker
    looks: Looks
    households: Households
    residents_lists: ResidentsLists
    erasing: Erasing
    kept_days: Mapping[str, int]
    secure: bool
    evidence_days: Mapping[str, int]
    seal: Seal
    simulators: Simulators | None = None

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run `query` in a thread, in one read transaction: it sees one moment of the store."""
        return await self.desk.read(query)


def services_of(request: Request) -> Services:
    """The services of the application that this request came to."""
    services: Services = request.app.state.services
    return services


def visit_of(request: Request) -> Visit:
    """The visit that the route's door let in; there is none on an open route."""
    visit: Visit = request.state.visit
    return visit


UsesServices = Annotated[Services, Depends(services_of)]
IsVisit = Annotated[Visit, Depends(visit_of)]

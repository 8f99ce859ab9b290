"""What people ask the pipeline to do."""

from dataclasses import dataclass

from hub.alerts import HoldEvent
from hub.cases import CaseSource
from hub.config import Role
from wire import Text


@dataclass(frozen=True, slots=True)
class AlertAct:
    """One step on an alert: `acknowledge`, `reset`, `note`, `shelve`, `unshelve`, `open-case`.

    version: the version that the person saw; None takes the alert as it is.
    category: of the case, for `open-case`; None takes the one of the alert's type.
    until: end of the shelf, ms. role: of the person.
    """

    site: str
    alert: str
    action: str
    actor: str
    version: int | None = None
    note: str | None = None
    category: str | None = None
    until: int | None = None
    role: Role = Role.GUARD


@dataclass(frozen=True, slots=True)
class AskService:
    """A request to take an alarm out of service. until: ms. Somebody else has to approve it."""

    site: str
    device: str
    condition: str
    reason: str
    permit: str
    substitute: str
    until: int
    actor: str
    role: Role


@dataclass(frozen=True, slots=True)
class HoldAct:
    """One step on a shelf or a time out of service."""

    site: str
    hold: str
    event: HoldEvent
    actor: str
    role: Role
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CaseAct:
    """One step on a case, by an action of the case flow.

    role: of the person. photos: that they brought before, by id.
    """

    site: str
    case: str
    action: str
    actor: str
    role: Role
    version: int | None = None
    note: str | None = None
    assignee: str | None = None
    resolution: str | None = None
    rating: int | None = None
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that a person opens by hand. place: None takes the device's.

    photos: that the actor brought before, by id.
    """

    site: str
    category: str
    title: Text
    actor: str
    note: str
    device: str | None = None
    place: Text | None = None
    source: CaseSource = CaseSource.PERSON
    photos: tuple[str, ...] = ()


Act = AlertAct | AskService | HoldAct | CaseAct | OpenCase

"""What people ask the pipeline to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.access.audit import Act as Told
from hub.access.looking import Look
from hub.alerts import HoldEvent
from hub.cases import CaseSource
from hub.config import Role
from hub.config.looks import Quota
from hub.config.standard import Side
from hub.patrols import Result
from hub.store.write.reports import ReportKey
from hub.traces.watch import Sort
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

    role: of the person. photos: that they brought before, by id; shows: what these show. via: the
    post of the organisation whose message's link they used. mine: the department whose people
    they are. other: id of another case, for links
    and mergers. key: by what the sender knows this step, so that trying again takes it once. The
    rest as `hub.cases.Given` says.
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
    shows: Side | None = None
    department: str | None = None
    helpers: tuple[str, ...] | None = None
    item: str | None = None
    without: str | None = None
    other: str | None = None
    via: str | None = None
    mine: str | None = None
    key: ReportKey | None = None


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that a person opens by hand. place, building: None takes the device's.

    photos: that the actor brought before, by id. origin: what the first line of its history says
    of where it came from. key: by what the sender knows it, so that trying again opens it once.
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
    origin: Mapping[str, Any] = field(default_factory=dict)
    building: str | None = None
    floor: int | None = None
    key: ReportKey | None = None


@dataclass(frozen=True, slots=True)
class StartRound:
    """A round that somebody begins besides its plan."""

    site: str
    plan: str
    actor: str


@dataclass(frozen=True, slots=True)
class VisitPoint:
    """What a guard found at a point of a round.

    note: needed unless all is fine. category, photos: of the case that a finding becomes; the
    category is the point's own unless said. code: as it hangs at the point. visited_at: when it
    was, by the telephone that kept it; None for now.
    """

    site: str
    round: str
    point: str
    result: Result
    actor: str
    note: str | None = None
    category: str | None = None
    photos: tuple[str, ...] = ()
    code: str | None = field(default=None, repr=False)
    visited_at: int | None = None


@dataclass(frozen=True, slots=True)
class SwitchMode:
    """Switch a site, or a building of it, to another mode. until: ms.

    replaces: the id of what is in force there, or None for nothing: whoever did not know of it
    is told instead.
    """

    site: str
    area: str
    mode: str
    reason: str
    until: int
    actor: str
    role: Role
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class ModeAct:
    """A step on a mode in force: `prolong` to another end (`until`), or `end`."""

    site: str
    switch: str
    action: str
    reason: str
    actor: str
    role: Role
    until: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ReportCase:
    """A case that somebody outside reports; with a key that was used before, the case of then.

    reference: what the reporter calls it. receipt_hash, contact: of a resident's, sealed.
    person: what the reporter knows whoever complained by; only a keyed hash of it is kept.
    """

    case: OpenCase
    key: ReportKey
    reference: str | None = None
    receipt_hash: str | None = None
    contact: bytes | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """A question to whoever reported a case (`actor` asks), or their answer (None).

    mine: the department whose people the asker is.
    """

    site: str
    case: str
    actor: str | None
    text: str
    mine: str | None = None


@dataclass(frozen=True, slots=True)
class RateReport:
    """What whoever reported a case thinks of how it ended. rating: 1 to 5."""

    site: str
    case: str
    rating: int
    note: str | None = None


@dataclass(frozen=True, slots=True)
class NoteLook:
    """Somebody is about to be shown traces: put on record, and counted.

    told: the trail's entry. subjects: whose traces, hashes. person: the mark of the one person
    that was asked for. day: when the quota's day began, ms.
    """

    look: Look
    told: Told
    subjects: tuple[str, ...]
    person: str | None
    quota: Quota
    day: int


@dataclass(frozen=True, slots=True)
class AskWatch:
    """A request to watch for somebody. subject, sealed, masked: who, hashed, sealed, for people.

    until: ms. Somebody else has to approve it.
    """

    site: str
    sort: Sort
    subject: str
    sealed: bytes
    masked: str
    reason: str
    case: str | None
    until: int
    actor: str


@dataclass(frozen=True, slots=True)
class DecideWatch:
    """A second person's word on such a request."""

    site: str
    entry: str
    approve: bool
    actor: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class EndWatch:
    """Watch for somebody no more."""

    site: str
    entry: str
    actor: str
    note: str | None = None


Act = (
    AlertAct
    | AskService
    | HoldAct
    | CaseAct
    | OpenCase
    | ReportCase
    | Say
    | RateReport
    | SwitchMode
    | ModeAct
    | StartRound
    | VisitPoint
    | NoteLook
    | AskWatch
    | DecideWatch
    | EndWatch
)

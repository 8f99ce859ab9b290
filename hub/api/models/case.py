"""Cases."""

from typing import Annotated, Literal

from pydantic import Field

from hub.api.models.actions import Action
from hub.api.models.alert import Alert
from hub.api.models.base import Answer, Ask, At, Step
from hub.api.models.command import Command
from hub.cases import CaseSource, CaseState
from hub.config import Priority
from hub.config.standard import Side
from hub.pipeline.photos import MOST
from wire import Id, Text

Note = Annotated[str, Field(max_length=2000)]
Photos = Annotated[
    tuple[Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")], ...],
    Field(max_length=MOST, description="ids of photos that were brought before"),
]


class Case(Answer):
    """Something that people see through to its end.

    number: unique in the site and short enough to say aloud, such as `20251122-007`.
    department: who handles it, of `/api/departments`; watcher: who keeps an eye on a contractor.
    disputed_by: the user who says that it is somebody else's, until that is settled.
    merged_into: the case that stands for it. alert: the alert that opened it.
    supervised: under supervision (督办). rating: 1 to 5, once it is rated.
    due_at: by when the step under way has to be done.
    unit: of the organisation, that answers for it now; rung: how often it was raised for that.
    building, floor: where it is, as far as the site's buildings tell.
    photos_missing: that the closing standard asks for and that nobody has brought yet.
    """

    id: str
    site: str
    number: str
    category: str
    category_name: Text
    title: Text
    priority: Priority
    state: CaseState
    state_name: Text
    device: str | None
    place: Text | None
    alert: str | None
    department: str | None
    department_name: Text | None
    watcher_name: Text | None
    disputed_by: str | None
    merged_into: str | None
    assignee: str | None
    opened_at: At
    updated_at: At
    closed_at: At | None
    resolution: str | None
    rating: int | None
    supervised: bool
    source: CaseSource
    source_name: Text
    due_at: At | None
    unit: Text | None
    rung: int
    building: str | None
    floor: int | None
    photos_missing: list[Side]
    version: int
    actions: list[Action]


class CaseStep(Step):
    """One step in a case's life. actor: a user's name, or `hub`."""


class CaseReport(Answer):
    """Who outside reported a case.

    reference: what a platform calls it. answers: the reporter follows, and can be asked.
    contact: they left a telephone number. rating: theirs, once it is closed.
    """

    reporter: Literal["resident", "platform"]
    reference: str | None
    answers: bool
    contact: bool
    rating: int | None


class Question(Ask):
    """What the reporter is asked; they read it with their receipt."""

    text: Annotated[str, Field(min_length=1, max_length=500)]


class Contact(Answer):
    """The reporter's telephone number."""

    phone: str


class StandardLine(Answer):
    """A line of the closing standard. optional: it may stay open. at, by: once it is ticked.

    photos: it is true once there are these, and is not ticked; missing: those that are not there.
    """

    id: str
    text: Text
    optional: bool
    photos: list[Side]
    missing: list[Side]
    at: At | None
    by: str | None


class PartyLine(Answer):
    """A department that handles a case jointly. reported_at, by, note: a helper's own part."""

    department: str
    name: Text
    lead: bool
    reported_at: At | None
    reported_by: str | None
    note: str | None


class CaseRef(Answer):
    """Another case, in short."""

    id: str
    number: str
    title: Text
    priority: Priority
    state: CaseState
    state_name: Text


class CaseWithHistory(Case):
    """A case, its steps (oldest first), its alerts, and the commands given for it.

    parties: who handles it jointly; none where one department does. lead: the case into which it
    was merged; merged: those that were merged into it. links: cases that have to do with it.
    report: who outside reported it.
    """

    standard: list[StandardLine]
    parties: list[PartyLine]
    lead: CaseRef | None
    merged: list[CaseRef]
    links: list[CaseRef]
    history: list[CaseStep]
    alerts: list[Alert]
    commands: list[Command]
    report: CaseReport | None


class NewCase(Ask):
    """A case that a person opens by hand.

    building, floor: of the site; place: words besides. Left out, the device's.
    """

    category: Id
    title: Annotated[str, Field(min_length=1, max_length=200)]
    device: Id | None = None
    place: Annotated[str, Field(max_length=200)] | None = None
    building: Id | None = None
    floor: Annotated[int, Field(ge=-99, le=999)] | None = None
    note: Note
    photos: Photos = ()


class CaseActionRequest(Ask):
    """What an action asks for stands in `Action.needs` and `takes`; a newer `version` answers 409.

    department, helpers: ids of `/api/departments`. item: of the case's `standard`.
    without: why a joint case goes on without helpers that have not reported. case: another one.
    shows: what the photos show; left out, how it was found until it is reported, then how it is.
    """

    version: int | None = None
    note: Note | None = None
    assignee: Annotated[str, Field(max_length=64)] | None = None
    resolution: Annotated[str, Field(max_length=64)] | None = None
    rating: Annotated[int, Field(ge=1, le=5)] | None = None
    photos: Photos = ()
    shows: Side | None = None
    department: Id | None = None
    helpers: Annotated[tuple[Id, ...], Field(max_length=20)] | None = None
    item: Annotated[str, Field(max_length=32)] | None = None
    without: Note | None = None
    case: Annotated[str, Field(max_length=64)] | None = None

"""Cases."""

from typing import Annotated, Literal

from pydantic import Field

from hub.api.models.actions import Action
from hub.api.models.alert import Alert
from hub.api.models.base import Answer, Ask, At, Step
from hub.api.models.command import Command
from hub.cases import CaseSource, CaseState
from hub.config import Priority
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
    alert: the alert that opened it. supervised: under supervision (督办).
    rating: 1 to 5, once it is rated. due_at: by when the step under way has to be done.
    unit: of the organisation, that answers for it now; rung: how often it was raised for that.
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


class Purposeful(Ask):
    """A listed purpose, which goes on record."""

    purpose: Annotated[str, Field(max_length=64)]


class Contact(Answer):
    """The reporter's telephone number."""

    phone: str


class CaseWithHistory(Case):
    """A case, its steps (oldest first), its alerts, the commands given for it, its report."""

    history: list[CaseStep]
    alerts: list[Alert]
    commands: list[Command]
    report: CaseReport | None


class NewCase(Ask):
    """A case that a person opens by hand."""

    category: Id
    title: Annotated[str, Field(min_length=1, max_length=200)]
    device: Id | None = None
    place: Annotated[str, Field(max_length=200)] | None = None
    note: Note
    photos: Photos = ()


class CaseActionRequest(Ask):
    """What an action needs stands in `Action.needs`; a newer `version` answers 409."""

    version: int | None = None
    note: Note | None = None
    assignee: Annotated[str, Field(max_length=64)] | None = None
    resolution: Annotated[str, Field(max_length=64)] | None = None
    rating: Annotated[int, Field(ge=1, le=5)] | None = None
    photos: Photos = ()

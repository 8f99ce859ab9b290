"""Reports from other systems, and the systems themselves."""

from typing import Annotated

from pydantic import Field

from hub.access.machines import Use
from hub.api.models.base import Answer, Ask, At
from hub.cases import CaseState
from wire import Id, Text

Reference = Annotated[str, Field(min_length=1, max_length=64)]


class NewReport(Ask):
    """A case that another system hands over.

    category: of the case catalogue; `other` where none fits. what: in the reporter's words.
    reference: what the system itself calls it; comes back with every answer.
    person: by what it knows whoever complained, such as a telephone number; kept as a keyed hash
        alone, so that many complaints of one person can be told.
    """

    site: Id
    category: Id = "other"
    what: Annotated[str, Field(min_length=1, max_length=2000)]
    place: Annotated[str, Field(max_length=200)] | None = None
    reference: Reference | None = None
    person: Annotated[str, Field(min_length=1, max_length=100)] | None = None


class ReportTaken(Answer):
    """The case that a report became; the same each time that it is sent with the same key."""

    id: str
    site: str
    number: str
    reference: str | None
    opened_at: At


class ReportState(ReportTaken):
    """Where a reported case stands. closed_at: None while something is left to do."""

    category: str
    state: CaseState
    state_name: Text
    updated_at: At
    closed_at: At | None
    resolution: Text | None


class Callbacks(Answer):
    """Where a system is told of its cases, and how that goes; what ended is kept for a while.

    failed: given up after a day of tries. sent_at: of the last one that was taken.
    """

    url: str
    waiting: int
    failed: int
    sent_at: At | None


Days = Annotated[int, Field(ge=1, le=1096)]
"""Three years at most."""


class Machine(Answer):
    """Another system that may report cases. old_until: until when its old secret opens.

    until: when it ends by itself, null for never; ending: that is soon, or was.
    """

    id: str
    name: str
    sites: list[str]
    per_minute: int
    created_at: At
    created_by: str
    changed_at: At
    old_until: At | None
    ended_at: At | None
    uses: list[Use]
    until: At | None
    ending: bool
    callbacks: Callbacks | None


class NewMachine(Ask):
    """sites: ids, or `["*"]`. per_minute: requests that it may make. days: until it ends."""

    name: Annotated[str, Field(pattern=r"^[^\s:][^:\r\n]{0,39}$")]
    sites: Annotated[list[str], Field(min_length=1, max_length=100)]
    per_minute: Annotated[int, Field(ge=1, le=6000)] = 60
    uses: Annotated[list[Use], Field(min_length=1, default_factory=lambda: list(Use))]
    days: Days = 365


class Rotation(Ask):
    """overlap_h: for how many hours the secret before opens yet; 0 when it is known to others.

    days: until the new one ends.
    """

    overlap_h: Annotated[float, Field(ge=0, le=168)] = 24
    days: Days = 365


class CallbackAddress(Ask):
    """url: where the system is told of each step of its cases; None for nowhere any more."""

    url: Annotated[str, Field(max_length=500)] | None


class Callback(Answer):
    """One telling. state: `waiting`, `sent`, or `failed` when it was given up.

    event: as in its body. try_at: when it is tried next. error: why the last try failed.
    """

    id: str
    case: str
    number: str
    event: str
    state: str
    created_at: At
    tries: int
    try_at: At | None
    ended_at: At | None
    error: str | None


class MachineAnswer(Answer):
    """credential, callback_secret: shown this once, when they were drawn."""

    machine: Machine
    credential: str | None
    callback_secret: str | None = None

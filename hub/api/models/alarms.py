"""Alarm management: what is kept silent, the figures it is judged by, the shift's note."""

from typing import Annotated

from pydantic import Field

from hub.alerts import HoldKind, HoldState
from hub.api.models.actions import Action
from hub.api.models.alert import Alert
from hub.api.models.base import Answer, Ask, At
from hub.config import Priority
from wire import Id, Text

Words = Annotated[str, Field(min_length=1, max_length=2000)]


class Hold(Answer):
    """An alarm that is shelved or out of service.

    state: `requested` waits for a second person. permit, substitute: of a time out of service.
    ended_by: null while it lasts, and when its time ran out.
    """

    id: str
    site: str
    device: str
    device_name: Text
    place: Text | None
    condition: str
    condition_name: Text
    priority: Priority
    kind: HoldKind
    state: HoldState
    reason: str
    until: At
    permit: str | None
    substitute: str | None
    requested_by: str
    requested_at: At
    approved_by: str | None
    approved_at: At | None
    ended_by: str | None
    ended_at: At | None
    actions: list[Action]


class ServiceRequest(Ask):
    """A request to take an alarm out of service; somebody else has to approve it."""

    device: Id
    condition: Id
    reason: Words
    permit: Annotated[str, Field(min_length=1, max_length=200)]
    substitute: Words
    until: Annotated[int, Field(ge=0, lt=2**53)]


class HoldActionRequest(Ask):
    """What goes with a step on a hold."""

    note: Annotated[str, Field(max_length=2000)] | None = None


class OnDuty(Answer):
    """A post of the roster, in its order."""

    id: str
    name: Text


class Desk(Answer):
    """A place where alarms are watched. shift: null where none is kept, or nobody is there."""

    id: str
    name: Text
    shift: Text | None
    on_duty: list[OnDuty]


class DeskFigures(Answer):
    """One desk's load.

    alarms: told in the time, alone or in a group; sounds: those that made one.
    per_10_min: on average; busiest_10_min: the most by the clock. Times in ms.
    """

    desk: Desk
    alarms: int
    sounds: int
    per_10_min: float
    busiest_10_min: int
    in_flood_ms: int
    in_flood_share: float
    floods: int
    in_flood_now: bool
    by_priority: dict[Priority, int]


class Source(Answer):
    """An alarm and how often it came. share: of all alarms."""

    device: str
    device_name: Text
    condition: str
    condition_name: Text
    alarms: int
    share: float


class AlarmFigures(Answer):
    """How the site's alarms have been, from `since` to `until`.

    Targets are EEMUA 191's: acceptable and manageable alarms per ten minutes, share of time in
    flood. stale: there for more than 24 hours. passed_on: P0 that others had to be called to.
    """

    since: At
    until: At
    acceptable_per_10_min: float
    manageable_per_10_min: float
    acceptable_flood_share: float
    alarms: int
    by_priority: dict[Priority, int]
    desks: list[DeskFigures]
    top: list[Source]
    stale: list[Alert]
    chattering: list[Alert]
    holds: list[Hold]
    passed_on: int


class Handed(Answer):
    """An open alarm as the next shift takes it over: why it is acknowledged, shelved, or waits."""

    alert: Alert
    note: str | None
    noted_by: str | None
    noted_at: At | None


class Handover(Answer):
    """The shift's note. waiting: how many of the alarms nobody has acknowledged."""

    at: At
    desks: list[Desk]
    waiting: int
    alarms: list[Handed]
    holds: list[Hold]

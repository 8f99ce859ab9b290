"""Modes of a site: normal, or an emergency."""

from typing import Annotated, Literal

from pydantic import Field

from hub.api.models.actions import Action
from hub.api.models.base import Answer, Ask, At
from hub.config import Priority, Role
from wire import Id, Text

Reason = Annotated[str, Field(min_length=1, max_length=2000)]
Until = Annotated[int, Field(ge=0, lt=2**53)]


class AlarmChange(Answer):
    """An alarm type whose priority a mode changes."""

    condition: str
    name: Text
    usual: Priority
    priority: Priority


class CaseChange(Answer):
    """What a mode changes in some cases.

    about: classes and categories; none means every case. time: share of each step's usual time.
    level, lead, call: where such a case starts, who it is sent to, who is told at once.
    """

    about: list[Text]
    priority: Priority | None
    time: float
    always: bool
    level: Text | None
    lead: Text | None
    call: list[Text]


class Mode(Answer):
    """A position of the switch. longest_s: for how long at a time."""

    id: str
    name: Text
    tone: Literal["calm", "heightened", "emergency"]
    role: Role
    longest_s: int
    guide: Text
    alarms: list[AlarmChange]
    cases: list[CaseChange]


class ModeSwitch(Answer):
    """One time that a mode was switched on.

    area: a building, `@` and one of the site's `units`, or `*` for the whole site.
    ended_by: null while it lasts, and when its time ran out. over: what was said at its end.
    """

    id: str
    site: str
    area: str
    area_name: Text
    mode: str
    name: Text
    tone: Literal["calm", "heightened", "emergency"]
    guide: Text
    reason: str
    until: At
    begun_by: str
    begun_at: At
    ended_by: str | None
    ended_at: At | None
    over: str | None
    version: int
    actions: list[Action]


class ModeRequest(Ask):
    """Switch a site, or a building, to a mode.

    replaces: the id of the mode in force there, null for none: another one answers 409.
    """

    mode: Id
    area: Annotated[str, Field(pattern=r"^(\*|@[a-z0-9-]{1,63}|[a-z0-9-]{1,64})$")] = "*"
    reason: Reason
    until: Until
    replaces: Annotated[str, Field(max_length=64)] | None = None


class ModeActionRequest(Ask):
    """A step on a mode in force. until: for `prolong`. A newer `version` answers 409."""

    reason: Reason
    until: Until | None = None
    version: int | None = None

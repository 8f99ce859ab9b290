"""Patrols: plans, and the rounds that come of them."""

from typing import Annotated

from pydantic import Field

from hub.api.models.actions import Action
from hub.api.models.base import Answer, Ask, At
from hub.api.models.case import Note, Photos
from hub.config.org.desks import Day
from hub.patrols import Result, RoundState
from wire import Id, Text


class PatrolPoint(Answer):
    """A stop. look: what to look at. category: of the case that a finding becomes unless said.

    proof: it takes the code that hangs there.
    """

    id: str
    name: Text
    device: str | None
    place: Text | None
    look: list[Text]
    category: str
    proof: bool


class Patrol(Answer):
    """A plan. days, times: when it is due; next_at: when next. posts: who walks it.

    lasts_s: how long it should take; grace_s: how long after that it may still be finished.
    """

    id: str
    name: Text
    days: list[Day]
    times: list[str]
    next_at: At
    lasts_s: int
    grace_s: int
    posts: list[Text]
    points: list[PatrolPoint]
    actions: list[Action]


class PointVisit(Answer):
    """What was found at a stop. case: id of the one that a finding became.

    proved: with the code that hangs there. sent_at: when it was handed in, where that was later.
    """

    result: Result
    result_name: Text
    at: At
    by: str
    note: str | None
    case: str | None
    proved: bool
    sent_at: At | None


class RoundPoint(PatrolPoint):
    """A stop of a round as it stood then. visit: null until somebody was there."""

    visit: PointVisit | None


class Round(Answer):
    """One time that a plan is walked. planned: time made it due, or else somebody began it.

    due_at: when it should begin; late_at: by when it should be finished; ends_at: from when on it
    is over.
    """

    id: str
    site: str
    plan: str
    name: Text
    state: RoundState
    state_name: Text
    planned: bool
    due_at: At
    late_at: At
    ends_at: At
    ended_at: At | None
    points: list[RoundPoint]
    version: int
    actions: list[Action]


class NewRound(Ask):
    """Begin a round besides its plan."""

    plan: Id


class VisitRequest(Ask):
    """What was found at a stop. note: needed unless all is fine.

    category, photos: of the case that a finding becomes. code: as it hangs at the stop.
    visited_at: when it was, ms, where a telephone kept it for up to 12 hours; left out, now.
    """

    result: Result
    note: Note | None = None
    category: Id | None = None
    photos: Photos = ()
    code: Annotated[str, Field(max_length=32)] | None = None
    visited_at: Annotated[int, Field(ge=0)] | None = None

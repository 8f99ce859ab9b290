"""Requests that wait for a second person, of every sort, in one shape."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from hub.api.models.actions import Action
from hub.api.models.base import Answer, Ask, At
from wire import Text


class WaitingKind(StrEnum):
    """What is asked for."""

    OPENING = "opening"  # many doors with one order
    EXPORT = "export"  # passages as a file
    WATCH = "watch"  # an entry of the watchlist
    SERVICE = "service"  # an alarm out of service
    ERASURE = "erasure"  # somebody's data, for good


class WaitingStep(Action):
    """What the asking person may do about it: POST to `post`, the word in its field `field`."""

    post: str
    field: Literal["note", "reason"] | None


class Waiting(Answer):
    """One request. what: in a few words; facts: what whoever decides has to know.

    from_at, to_at: the time that it asks about. until: it is void from then on; null for what
    waits as long as it takes. mine: the asking person made it. preview: where to look first at
    what it would do, for what cannot be undone.
    """

    kind: WaitingKind
    id: str
    what: Text
    facts: list[Text]
    from_at: At | None
    to_at: At | None
    reason: str
    asked_by: str
    asked_at: At
    until: At | None
    mine: bool
    preview: str | None
    actions: list[WaitingStep]


class WaitingCount(Answer):
    """How many wait for the asking person's word, and how many of their own wait for others."""

    decide: int
    own: int


class Word(Ask):
    """A word on a request; a refusal says why."""

    note: Annotated[str | None, Field(max_length=300)] = None

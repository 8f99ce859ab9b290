"""What residents send, and what they are told."""

from typing import Annotated

from pydantic import Field

from hub.api.models.base import Answer, Ask, At
from wire import Id, Text

MOST_PHOTOS = 4
Code = Annotated[str, Field(min_length=16, max_length=40)]
Words = Annotated[str, Field(min_length=1, max_length=500)]


class Report(Ask):
    """key: 32 hex digits that the page drew; sent again, it is the same report.

    phone: only if the reporter wants to be called.
    """

    key: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    site: Id
    category: Id
    what: Annotated[str, Field(min_length=2, max_length=1000)]
    place: Annotated[str, Field(max_length=120)] = ""
    phone: Annotated[str, Field(pattern=r"^$|^\+?[0-9][0-9 -]{5,18}[0-9]$")] = ""
    photos: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")], ...], Field(max_length=MOST_PHOTOS)
    ] = ()


class Receipt(Answer):
    """code: the reporter's alone; whoever has it may follow, answer and rate."""

    code: str
    number: str


class Photo(Answer):
    """A photo that waits for its report."""

    photo: str


class Look(Ask):
    """A receipt code."""

    code: Code


class Reply(Look):
    """An answer to what was asked."""

    text: Words


class Rating(Look):
    """What the reporter thinks of how it ended. rating: 1 to 5."""

    rating: Annotated[int, Field(ge=1, le=5)]
    note: Annotated[str, Field(max_length=500)] = ""


class Stage(Answer):
    """A step that the case took."""

    name: Text
    at: At


class Said(Answer):
    """own: the reporter said it; else it was asked."""

    own: bool
    text: str
    at: At


class Status(Answer):
    """Where a report stands: all that can be read through this listener, and only with its code."""

    number: str
    category: Text
    opened_at: At
    state: str
    state_name: Text
    closed: bool
    resolution: Text | None
    steps: list[Stage]
    said: list[Said]
    may_rate: bool
    rating: int | None


class Choice(Answer):
    """One of a list."""

    id: str
    name: Text


class SiteChoice(Choice):
    """An estate that may be reported about."""

    buildings: list[Choice]


class Form(Answer):
    """What the page lets people choose from."""

    sites: list[SiteChoice]
    categories: list[Choice]
    most_photos: int = MOST_PHOTOS

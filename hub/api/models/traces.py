"""What the index of passages answers."""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from hub.api.models.base import Answer, Ask, At
from hub.api.models.passage import Passage
from wire import Id, Text


class Passer(Answer):
    """Somebody, or a vehicle, that passes here.

    subject: their mark, a short keyed hash. credential: masked. seen_at: when last.
    """

    subject: str
    credential: str | None
    plate: bool
    seen_at: At


LEAST_OF_A_NUMBER: Final = 2


class PassageSearch(Ask):
    """What somebody has to find a trace by: a plate, or a card's number as its reader tells it.

    In a plate one sign may be left open with `?`. by: `name`, a resident's whole name; `room`, the
    number of a room in `building`: all cards and plates that the list of residents has for it.
    """

    text: Annotated[str, Field(min_length=1, max_length=64)]
    by: Literal["number", "name", "room"] = "number"
    building: Id | None = None

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if self.by == "number" and len(self.text) < LEAST_OF_A_NUMBER:
            raise ValueError("a plate or a card's number has two signs at least")
        if (self.by == "room") != (self.building is not None):
            raise ValueError("a room is one of a building, and nothing else is")
        return self


class Found(Passer):
    """Somebody that a search found.

    likeness: `same`; `fits` (one sign was left open); `alike` (other signs only where cameras take
        one for the other, such as 8 and B); `one-sign` (one other sign).
    """

    likeness: str


class FoundList(Answer):
    """The most like first; then the last seen. more: there are more than are shown."""

    items: list[Found]
    more: bool


class Inside(Passer):
    """Somebody whose last known way was in.

    entered_at, device, device_name, place: when and where. unknown_exits: how often somebody
        nobody knows may have gone out since (exit buttons, openings by hand, unread plates); with
        none they are surely inside, as far as devices tell.
    """

    entered_at: At
    device: str
    device_name: Text
    place: Text | None
    unknown_exits: int
    sure: bool


class InsideList(Answer):
    """Who is inside at `now`, of those who came since `since`; `next` as in other lists."""

    items: list[Inside]
    next: str | None
    now: At
    since: At


class Companion(Answer):
    """Somebody who passes when another does.

    times: of the other's passages, at how many they were there. same_way: times that both went
        the same way. first_at, last_at: together.
    """

    subject: str
    credential: str | None
    times: int
    same_way: int
    first_at: At
    last_at: At


class CompanionList(Answer):
    """Who passed together most often. of: so many passages were looked at, `most` at the most."""

    items: list[Companion]
    of: int
    most: int
    within_s: float


class HabitsAnswer(Answer):
    """When somebody was first and last seen, and at which hours they pass.

    hours: passages by hour of the local day, 24. passages, days: on which that rests; enough:
    whether that is enough to call an hour unusual, which it is when it and the hours beside it
    hold at most `rare_share` of all. unusual: the passages at such hours, newest first.
    """

    subject: str
    first_at: At | None
    last_at: At | None
    hours: list[int]
    passages: int
    days: int
    enough: bool
    rare_share: float
    least_passages: int
    least_days: int
    unusual_hours: list[int]
    unusual: list[Passage]


class Elsewhere(Passer):
    """A vehicle from elsewhere. head: its plate's province and letter."""

    head: str


class ElsewhereList(Answer):
    """Vehicles from elsewhere, last seen first.

    home: plates that are from here. basis: `site-file` says so, or it is what `most-seen` plates
    begin with.
    """

    items: list[Elsewhere]
    next: str | None
    home: list[str]
    basis: str


class Besides(Answer):
    """An opening that no credential explains.

    followed: of a tail-gater, who was let in last before, as far as that is known.
    """

    passage: Passage
    followed: Passage | None


class BesidesList(Answer):
    """Such openings, newest first."""

    items: list[Besides]
    next: str | None

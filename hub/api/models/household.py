"""Households, and who and what belongs to them."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from hub.api.models.base import Answer, Ask, At
from hub.households.planning import CredentialKind
from hub.store.households.importing import ListMode
from wire import Id, Text

RoomName = Annotated[str, Field(pattern=r"^[\w-]{1,16}$")]
Entrance = Annotated[str, Field(pattern=r"^[\w-]{0,16}$")]
PersonName = Annotated[str, Field(min_length=1, max_length=40)]
Phone = Annotated[str, Field(min_length=5, max_length=20)]
Tags = Annotated[list[Id], Field(max_length=20)]
Version = Annotated[int, Field(ge=1)]
Ref = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class Resident(Answer):
    """Somebody of a household, masked. tags: those that the asking role may see."""

    id: str
    name: str
    phone: str | None
    tags: list[str]
    since: At | None
    until: At | None
    version: int


class Credential(Answer):
    """A card, or a car by its plate, masked. person: whose; null: the household's.

    subject: the mark by which passages show it.
    """

    id: str
    kind: CredentialKind
    person: str | None
    masked: str
    subject: str
    since: At | None
    until: At | None
    version: int


class Household(Answer):
    """Who lives in a room. entrance: empty where the building has one alone."""

    id: str
    building: str
    building_name: Text
    entrance: str
    room: str
    since: At | None
    until: At | None
    version: int
    people: list[Resident]
    credentials: list[Credential]


class HouseholdSearch(Ask):
    """What to look for; all that is given must be so. A name, number or plate is whole.

    It is sent in the body, so that it stands in no log of addresses.
    """

    building: Id | None = None
    entrance: Entrance | None = None
    room: RoomName | None = None
    name: PersonName | None = None
    phone: Phone | None = None
    credential: Annotated[str | None, Field(min_length=2, max_length=64)] = None
    tag: Id | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    after: Annotated[str | None, Field(max_length=300)] = None


class NewHousehold(Ask):
    """A household to register."""

    building: Id
    entrance: Entrance = ""
    room: RoomName
    since: At | None = None
    until: At | None = None


class NewResident(Ask):
    """Somebody to register in a household."""

    name: PersonName
    phone: Phone | None = None
    tags: Annotated[Tags, Field(default_factory=list)]
    since: At | None = None
    until: At | None = None


class NewCredential(Ask):
    """A card or car to register. value: as the device tells it."""

    kind: CredentialKind
    value: Annotated[str, Field(min_length=2, max_length=64)]
    person: Ref | None = None
    since: At | None = None
    until: At | None = None


class HouseholdChange(Ask):
    """What is left out stays; null ends nothing. version: what the change is based on."""

    version: Version
    since: At | None = None
    until: At | None = None


class ResidentChange(Ask):
    """What is left out stays. version: what the change is based on."""

    version: Version
    name: PersonName | None = None
    phone: Phone | None = None
    tags: Tags | None = None
    since: At | None = None
    until: At | None = None


class CredentialChange(Ask):
    """What is left out stays. version: what the change is based on."""

    version: Version
    person: Ref | None = None
    since: At | None = None
    until: At | None = None


class UnmaskedResident(Answer):
    """What is under seal, shown once. credentials: by their ids, for those who may unmask them."""

    id: str
    name: str
    phone: str | None
    credentials: dict[str, str]


class TallyDay(Answer):
    """day: its first moment. other: of no known direction."""

    day: At
    came_in: int
    went_out: int
    other: int


class CareNote(Answer):
    """Somebody whom no gate or camera has seen for the days of their tag.

    last_at: of the last passage; null: none is there. seen_by: nothing is registered by which they
    could be seen when false, so that this says nothing.
    """

    person: str
    name: str
    household: str
    building: str
    building_name: Text
    entrance: str
    room: str
    tags: list[str]
    last_at: At | None
    seen_by: bool


class TagInfo(Answer):
    """A tag that people may bear. quiet_days: see `CareNote`; null: none."""

    id: str
    name: Text
    quiet_days: int | None


class TemplateLanguage(StrEnum):
    """Of the template's header."""

    ZH = "zh"
    EN = "en"


class ImportProblem(Answer):
    """line: as a spreadsheet counts, the header being 1. column: null for the whole line."""

    line: int
    column: Text | None
    what: Text
    todo: Text


class ImportOutcome(Answer):
    """What a list says. applied: it was written. wrong: lines with problems.

    households, people, credentials, tags: that are new. changed: of those that were there.
    problems: the first of them.
    """

    mode: ListMode
    applied: bool
    lines: int
    households: int
    people: int
    credentials: int
    tags: int
    changed: int
    wrong: int
    problems: list[ImportProblem]

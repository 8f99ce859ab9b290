"""Looks at access traces, as they are declared and told of."""

from typing import Annotated, Literal

from pydantic import Field

from hub.api.models.base import Answer, Ask, At
from wire import Text


class NewLook(Ask):
    """What somebody is about to look for.

    purpose: id of a listed one; reason: in words; case: id or number of a case of the site. The
    purpose says which of them it needs.
    """

    purpose: Annotated[str, Field(max_length=64)]
    reason: Annotated[str, Field(max_length=300)] = ""
    case: Annotated[str | None, Field(max_length=64)] = None


class Look(Answer):
    """A declared look. id: give it as `look` with each request for traces, until `until`.

    people, pages: what the asking user has looked at today; *_limit: beyond it the supervisor is
    told.
    """

    id: str
    purpose: str
    purpose_name: Text
    reason: str
    case: str | None
    at: At
    until: At
    people: int
    people_limit: int
    pages: int
    pages_limit: int


class WhyUnmask(Ask):
    """Why somebody has to be known by card or plate, besides what the look says."""

    reason: Annotated[str, Field(min_length=1, max_length=300)]


class Unmasked(Answer):
    """A card number or a plate in clear. subject: its mark. passage: where it was read."""

    credential: str
    subject: str
    passage: str


class AboutMe(Ask):
    """Whom a person says they are: by a plate or a card number of theirs, typed by staff."""

    sort: Literal["plate", "credential"]
    value: Annotated[str, Field(min_length=1, max_length=64)]


class LookAtMe(Answer):
    """One look at somebody.

    who: the role of whoever looked, or their account's name, as the hub's file says. action: as
        the audit trail has it.
    """

    at: At
    who: str
    action: str
    purpose: str
    purpose_name: Text
    reason: str


class LooksAtMe(Answer):
    """Who looked at somebody, newest first. subject: their mark. more: there are older ones."""

    subject: str
    items: list[LookAtMe]
    more: bool

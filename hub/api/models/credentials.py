"""What people prove themselves by: sessions, second factors, API tokens."""

from typing import Annotated

from pydantic import Field

from hub.access.permissions import Permission
from hub.api.models.base import Answer, Ask, At
from hub.api.models.people import SiteScope

Code = Annotated[str, Field(min_length=6, max_length=40)]


class SessionInfo(Answer):
    """A session that is alive. own: the one that asks. seen_at: about when it was used last."""

    id: str
    created_at: At
    seen_at: At
    address: str | None
    own: bool


class FactorStanding(Answer):
    """required: the role asks for one. recovery: how many recovery codes are left."""

    confirmed: bool
    required: bool
    recovery: int


class WithPassword(Ask):
    """The own password, asked for again."""

    password: Annotated[str, Field(max_length=200)]


class Enrolment(Answer):
    """What an authenticator app is given; shown once.

    secret: base 32. address: `otpauth:`. picture: the address as a QR code, a text of 0 and 1 for
        each row, 1 is dark, without the quiet zone of four.
    """

    secret: str
    address: str
    picture: list[str]


class WithCode(Ask):
    """A code of the app."""

    code: Code


class RecoveryCodes(Answer):
    """Each stands in for a code once; shown once."""

    codes: list[str]


class FactorEnd(WithPassword):
    """Password and a code, so that nobody else gives it up."""

    code: Code


class ApiToken(Answer):
    """A token; its credential is not kept. seen_at: about when it was used last."""

    id: str
    name: str
    permissions: list[str]
    sites: list[str]
    created_at: At
    ends_at: At
    seen_at: At | None
    ended_at: At | None
    ended_by: str | None


class NewToken(Ask):
    """A token to make: within the asking person's own rights, until a day within a year."""

    name: Annotated[str, Field(min_length=1, max_length=64)]
    permissions: Annotated[list[Permission], Field(min_length=1, max_length=len(Permission))]
    sites: SiteScope
    ends_at: At


class TokenAnswer(Answer):
    """credential: shown here and never again."""

    token: ApiToken
    credential: str


class PermissionInfo(Answer):
    """What a token of the asking person may be good for."""

    id: str
    about_site: bool

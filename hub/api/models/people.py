"""Users, logins, the audit trail."""

from typing import Annotated, Any, Literal

from pydantic import Field

from hub.access.password_rules import LONGEST, SHORTEST
from hub.api.models.base import Answer, Ask, At
from hub.config.role import Role
from wire import Id, Text

UserName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,31}$")]
Password = Annotated[str, Field(min_length=SHORTEST, max_length=LONGEST)]
SiteScope = Annotated[list[Id | Annotated[str, Field(pattern=r"^\*$")]], Field(max_length=200)]


class LoginRequest(Ask):
    """A name and its password; what they may contain is not checked here, so as to tell nothing.

    code: of the account's second factor, where it has one, or a recovery code.
    """

    name: Annotated[str, Field(max_length=64)]
    password: Annotated[str, Field(max_length=200)]
    code: Annotated[str | None, Field(max_length=40)] = None


class Person(Answer):
    """Who is logged in. sites: ids, or `["*"]` for all sites.

    department: of `/api/departments`, whose people they are; null for the estate's own.
    enrolling: the role asks for a second factor, and until it is set up nothing else is open.
    """

    name: str
    role: Role
    sites: list[str]
    department: str | None
    enrolling: bool


class Login(Answer):
    """The session's user. csrf: send it as `X-CSRF-Token` with everything but GET and HEAD."""

    user: Person
    csrf: str


class PasswordChange(Ask):
    """The own password; at least 12 characters, and not one that many people choose."""

    old: Annotated[str, Field(max_length=200)]
    new: Password


class User(Answer):
    """An account. disabled: it cannot log in, and its sessions have ended."""

    name: str
    role: Role
    sites: list[str]
    created_at: At
    disabled: bool
    department: str | None


class NewUser(Ask):
    """An account to make; without a password one is generated and told once."""

    name: UserName
    role: Role
    sites: SiteScope
    password: Password | None = None
    department: Id | None = None


class UserChange(Ask):
    """What to change; what is left out stays. Any change ends the user's sessions.

    reset_password: draw a new password, told once in the answer. department: empty for the estate
        itself.
    """

    role: Role | None = None
    sites: SiteScope | None = None
    disabled: bool | None = None
    department: Id | Literal[""] | None = None
    reset_password: bool = False


class UserAnswer(Answer):
    """An account after a change. password: a generated one, shown here and never again."""

    user: User
    password: str | None


class Purpose(Answer):
    """What access traces may be looked at for, and what a look has to say besides."""

    id: str
    name: Text
    needs_reason: bool
    needs_case: bool
    report: bool


class AuditEntry(Answer):
    """One act of a person, in a chain of hashes per site (`_system` for what has none).

    prev, hash: SHA-256 in hex; `hash` covers this entry and `prev`, so that an edited, missing
        or reordered entry breaks the chain.
    """

    id: int
    chain: str
    at: At
    actor: str
    action: str
    object: str
    outcome: str
    detail: dict[str, Any]
    prev: str
    hash: str


class Checkpoint(Answer):
    """What a chain of the audit trail ends with, signed by the hub (Ed25519, hex).

    upto: id of the newest entry, hash: its hash; count: entries since the chain began. A line of a
    file that `gatehouse audit verify --checkpoints` reads is such an object.
    """

    chain: str
    at: At
    upto: int
    count: int
    hash: str
    signature: str
    sort: str


class ChainCheck(Answer):
    """Whether a chain of the audit trail is whole.

    removed: entries that were kept long enough, and came before the `entries` that are there.
    first_bad: id of the first entry that is not as it was written; wrong: what is wrong there.
    """

    chain: str
    entries: int
    whole: bool
    first_bad: int | None
    removed: int
    wrong: str | None

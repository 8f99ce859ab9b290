"""What is kept how long, what is held beyond its time, and what is erased on request."""

from typing import Annotated, Literal

from pydantic import Field

from hub.api.models.base import Answer, Ask, At
from wire import Id, Text

Reason = Annotated[str, Field(min_length=2, max_length=500)]


class KeptClass(Answer):
    """A class of records. setting: of hub.toml; null where it is fixed.

    oldest: the oldest there is; overdue: rows that should be gone by now (up to 10,000 are
    counted); held: rows that are too old, and kept by a legal hold.
    """

    id: str
    name: Text
    setting: str | None
    days: int
    oldest: At | None
    overdue: int
    held: int
    note: Text | None


class HeldSpan(Ask):
    """What a device saw from and until a moment, both included."""

    device: Id
    from_at: At
    to_at: At


class NewLegalHold(Ask):
    """Hold what belongs to a case: itself, its alarms, evidence and commands, and who passed.

    authority: who asks for it, such as a police station with its letter. more: what else is held
    of what devices saw; around the alarms of the case it is held anyway.
    """

    case: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    authority: Annotated[str, Field(min_length=2, max_length=200)]
    reason: Reason
    until: At
    more: Annotated[list[HeldSpan], Field(max_length=50, default_factory=list)]


class EndReason(Ask):
    """Why something is released, or refused."""

    reason: Reason


class LegalHold(Answer):
    """A hold. ended_by: null where time ended it."""

    id: str
    case: str
    authority: str
    reason: str
    placed_by: str
    placed_at: At
    until: At
    ended_at: At | None
    ended_by: str | None
    end_reason: str | None
    spans: list[HeldSpan]


class NewErasure(Ask):
    """That the data of a person, or a household with all that is in it, should go."""

    kind: Literal["person", "household"]
    target: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    reason: Reason


class ErasurePart(Answer):
    """Some records of one class. why: of those that are kept."""

    part: str
    name: Text
    count: int
    why: Text | None = None


class Erasure(Answer):
    """A request. erased, kept: what went and what stayed; while it waits, what would."""

    id: str
    kind: str
    target: str
    state: Literal["asked", "done", "refused", "withdrawn"]
    reason: str
    asked_by: str
    asked_at: At
    decided_by: str | None
    decided_at: At | None
    erased: list[ErasurePart]
    kept: list[ErasurePart]

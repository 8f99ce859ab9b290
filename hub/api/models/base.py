"""What all models of the API share."""

from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

T = TypeVar("T")

_LARGEST = 2**63
_SURROGATES = range(0xD800, 0xE000)

At = Annotated[int, Field(description="milliseconds since 1970-01-01T00:00:00Z")]


class Answer(BaseModel):
    """Something that the hub says."""

    model_config = ConfigDict(frozen=True)


class Step(Answer):
    """One step in the life of something. actor: a user's name, or `hub`."""

    at: At
    actor: str
    action: str
    from_state: str | None
    to_state: str
    note: str | None
    detail: dict[str, Any]


class Ask(BaseModel):
    """Something that a client sends; an unknown field is refused, so that a typo is seen.

    So is what JSON can say and no database can keep: a NUL, half a surrogate pair, an endless
    number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*")
    @classmethod
    def _can_be_kept(cls, value: Any) -> Any:
        if not can_be_kept(value):
            raise ValueError("holds what cannot be kept")
        return value


class Page(Answer, Generic[T]):
    """Some items, newest first unless the route says otherwise.

    next: give it as `before` (or `after`) to get the page that follows; null on the last page.
    """

    items: list[T]
    next: str | None


def can_be_kept(value: object) -> bool:
    """Whether a column takes it: of JSON values, and of tuples of them."""
    match value:
        case str():
            return "\0" not in value and not any(ord(one) in _SURROGATES for one in value)
        case int():
            return abs(value) < _LARGEST
        case float():
            return value - value == 0  # neither endless nor no number at all
        case list() | tuple():
            return all(map(can_be_kept, value))
        case dict():
            return all(can_be_kept(one) and can_be_kept(name) for name, one in value.items())
    return True

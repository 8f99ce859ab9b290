"""What all models of the API share."""

from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")

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
    """Something that a client sends; an unknown field is refused, so that a typo is seen."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Page(Answer, Generic[T]):
    """Some items, newest first unless the route says otherwise.

    next: give it as `before` (or `after`) to get the page that follows; null on the last page.
    """

    items: list[T]
    next: str | None

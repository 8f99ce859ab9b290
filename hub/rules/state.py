"""Rule states as they are stored: JSON that reads back to an equal value."""

from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

S = TypeVar("S")


def encode_state(state: object) -> str:
    """A rule's state as JSON text; equal states give equal text."""
    return _adapter(cast("type[Any]", type(state))).dump_json(state).decode()


def decode_state(state_type: type[S], text: str) -> S:
    """The state that `encode_state` wrote. Raises ValueError when it is not of this type."""
    return cast("S", _adapter(cast("type[Any]", state_type)).validate_json(text))


@cache
def _adapter(state_type: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(state_type)

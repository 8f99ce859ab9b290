"""Rule states as they are stored: JSON that reads back to an equal value."""

from typing import Any, Final, TypeVar, cast

from pydantic import TypeAdapter

S = TypeVar("S")

_ADAPTERS: Final[dict[type[Any], TypeAdapter[Any]]] = {}


def encode_state(state: object) -> str:
    """A rule's state as JSON text; equal states give equal text."""
    return _adapter(type(state)).dump_json(state).decode()


def decode_state(state_type: type[S], text: str) -> S:
    """The state that `encode_state` wrote. Raises ValueError when it is not of this type."""
    return cast("S", _adapter(state_type).validate_json(text))


def _adapter(state_type: type[Any]) -> TypeAdapter[Any]:
    """Building one takes milliseconds, so each is built once; there is one per rule."""
    if state_type not in _ADAPTERS:
        _ADAPTERS[state_type] = TypeAdapter(state_type)
    return _ADAPTERS[state_type]

"""A model's JSON schema as forms need it, and walks through a document by it."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from pydantic import BaseModel

from hub.editing.choices import CHOICES

Schema = dict[str, Any]
Document = dict[str, Any]
Key = tuple[str | int, ...]

DURATION: Final = {"type": "string", "format": "span", "pattern": "^[1-9][0-9]{0,4}[mh]$"}
_DURATIONS: Final = {
    "Deadlines": ("accept", "handle", "verify"),
    "Escalation": ("climb_every",),
    "Mode": ("longest",),
    "PatrolPlan": ("lasts", "grace"),
}
"""Fields that are written `15m` or `4h`, and are seconds only once they were read."""
OF: Final = "x-of"
"""Names, in a field's schema, the list that it chooses from."""

_NOT_WRITTEN: Final = {"Site": ("source",)}


def schema_of(model: type[BaseModel]) -> Schema:
    """The schema of what is written in the file: durations as words, references named."""
    schema = model.model_json_schema(by_alias=True, mode="validation")
    for one in (schema, *schema.get("$defs", {}).values()):
        fields, title = one.get("properties", {}), one.get("title", "")
        for name in _NOT_WRITTEN.get(title, ()):
            fields.pop(name, None)
        for name in _DURATIONS.get(title, ()):
            fields[name] = dict(DURATION)
        for name, what in CHOICES.get(title, {}).items():
            fields[name][OF] = what
    return schema


def walk(
    schema: Schema,
    value: Any,
    leaf: Callable[[Schema, Any, Key], Any],
    key: Key = (),
    *,
    root: Schema | None = None,
) -> Any:
    """The value anew, each leaf that the schema knows as `leaf(schema, value, key)` gives it."""
    top = schema if root is None else root
    found = _meant(schema, value, top)
    if isinstance(value, dict):
        fields, more = found.get("properties", {}), found.get("additionalProperties")
        rest = more if isinstance(more, dict) else {}
        return {
            name: walk(fields.get(name, rest), one, leaf, (*key, name), root=top)
            for name, one in value.items()
        }
    if isinstance(value, list):
        items = found.get("items", {})
        return [walk(items, one, leaf, (*key, row), root=top) for row, one in enumerate(value)]
    return leaf(found, value, key)


def written(schema: Schema, document: Document) -> Document:
    """A document from JSON as TOML says it: days as days, nothing where there is null."""

    def leaf(one: Schema, value: Any, _key: Key) -> Any:
        if one.get("format") == "date" and isinstance(value, str):
            try:
                return dt.date.fromisoformat(value)
            except ValueError:
                return value  # the model says what is wrong with it
        return value

    found: Document = walk(schema, _without_null(document), leaf)
    return found


def spoken(value: Any) -> Any:
    """A TOML document as JSON says it: days as words."""
    if isinstance(value, dict):
        return {name: spoken(one) for name, one in value.items()}
    if isinstance(value, list):
        return [spoken(one) for one in value]
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value


def _without_null(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_null(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_without_null(one) for one in value if one is not None]
    return value


def _meant(schema: Schema, value: Any, root: Schema) -> Schema:
    """The schema behind references and alternatives: the alternative that is not null."""
    while True:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            schema = root.get("$defs", {}).get(name, {})
        elif "anyOf" in schema:
            fits = [one for one in schema["anyOf"] if one.get("type") != "null"]
            schema = next((one for one in fits if _fits(one, value)), fits[0] if fits else {})
        else:
            return schema


def _fits(schema: Schema, value: Any) -> bool:
    if isinstance(value, dict):
        return "$ref" in schema or schema.get("type") == "object"
    return (schema.get("type") == "array") == isinstance(value, list)

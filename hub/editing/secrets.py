"""Secrets of a document: never shown, and kept by whoever changes something else."""

from typing import Any, Final

from hub.editing.changes import row_name
from hub.editing.schema import Document, Key, Schema, walk

HIDDEN: Final = "********"
"""Stands where a secret stands. Sent back, it means: as it was."""
CHANGED: Final = "******** *"
"""Stands for another one than before, where two documents are compared."""


def hide(schema: Schema, document: Document) -> Document:
    """The document with `HIDDEN` in the place of each secret."""
    found: Document = walk(
        schema, document, lambda one, value, _key: HIDDEN if is_secret(one) else value
    )
    return found


def reveal(schema: Schema, document: Document, current: Document) -> tuple[Document, list[Key]]:
    """The document with what was hidden put back, and the keys of what nobody knows.

    A secret belongs to its place, by the ids of the rows around it: under another id it has to be
    given again.
    """
    known = _secrets(schema, current)
    missing: list[Key] = []

    def put_back(one: Schema, value: Any, key: Key) -> Any:
        if not is_secret(one) or value != HIDDEN:
            return value
        place = named(document, key)
        if place not in known:
            missing.append(key)
        return known.get(place, "")

    return walk(schema, document, put_back), missing


def comparable(schema: Schema, before: Document, after: Document) -> tuple[Document, Document]:
    """Both documents without their secrets; a secret that is another one now reads `CHANGED`."""
    known = _secrets(schema, before)

    def mark(one: Schema, value: Any, key: Key) -> Any:
        if not is_secret(one):
            return value
        return HIDDEN if known.get(named(after, key)) == value else CHANGED

    return hide(schema, before), walk(schema, after, mark)


def named(document: Document, key: Key) -> str:
    """A key with its rows' ids, as `hub.editing.changes` writes it."""
    words, here = "", document
    for part in key:
        if isinstance(part, int):
            words += f"[{row_name(here[part], part)}]"  # type: ignore[index]
        else:
            words += f".{part}" if words else part
        here = here[part]  # type: ignore[index]
    return words


def is_secret(schema: Schema) -> bool:
    """Whether the schema says that nobody is to read it."""
    return schema.get("format") == "password" or bool(schema.get("writeOnly"))


def _secrets(schema: Schema, document: Document) -> dict[str, Any]:
    """Every secret, by its named key."""
    found: dict[str, Any] = {}

    def learn(one: Schema, value: Any, key: Key) -> Any:
        if is_secret(one):
            found[named(document, key)] = value
        return value

    walk(schema, document, learn)
    return found

"""What the routes about traces ask of the store, and in which words."""

from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy import Connection

from hub.api.models.traces import PassageSearch
from hub.errors import NotFoundError
from hub.households.planning import name_text
from hub.store.households.subjects import subjects_of_name, subjects_of_room
from hub.store.reads.page import Record
from hub.store.reads.passages import one_passage
from hub.store.reads.passers import subject_of, with_forms, with_hashes
from hub.traces.likeness import (
    Likeness,
    alike_form,
    form_number,
    forms,
    open_form,
    read_typed,
    sort_by_likeness,
)

SHOWN: Final = 20
"""Plates that a search shows: more like ones nobody compares by eye."""

Hashed = Callable[[str, str], str]
"""(site, text) -> keyed hash, 64 hex digits."""

_ENOUGH: Final = 200


def search(
    reader: Connection, site: str, text: str, hashed: Hashed
) -> tuple[list[tuple[Likeness, Record]], bool]:
    """Whoever has this plate or card, and plates like it, the most like first.

    Besides: whether there are more than are shown.
    """
    plate = read_typed(text)
    found: list[tuple[Likeness, Record]] = []
    exact = {text.strip()} | ({plate.text} if plate and plate.open_at is None else set())
    rows = with_hashes(reader, site, [hashed(site, one) for one in exact])
    found += [(Likeness.SAME, row) for row in rows]
    if plate is not None and plate.open_at is not None:
        key = form_number(hashed(site, open_form(plate)))
        found += [(Likeness.FITS, row) for row in with_forms(reader, site, [key], _ENOUGH)]
    elif plate is not None:
        alike = form_number(hashed(site, alike_form(plate.text)))
        keys = [form_number(hashed(site, form)) for form in forms(plate.text)]
        for row in with_forms(reader, site, keys, _ENOUGH):
            likeness = Likeness.ALIKE if row["form"] == alike else Likeness.ONE_SIGN
            found.append((likeness, row))
    return _best(found)


def search_residents(
    reader: Connection, site: str, asked: PassageSearch, hashed: Hashed, now: int
) -> tuple[list[tuple[Likeness, Record]], bool]:
    """Whoever of a room, or of a name, has passed; as `search`."""
    text = asked.text.strip()
    if asked.building is not None:
        subjects = subjects_of_room(reader, site, asked.building, text, now)
    else:
        subjects = subjects_of_name(reader, site, hashed(site, name_text(text)), now)
    rows = with_hashes(reader, site, subjects)
    return [(Likeness.SAME, row) for row in rows[:SHOWN]], len(rows) > SHOWN


def person_of(
    reader: Connection, site: str, subject: str | None, passage: str | None
) -> str | None:
    """The hash of whoever a mark, or a passage's id, names; None where neither is given.

    Raises NotFoundError.
    """
    if passage is not None:
        row = one_passage(reader, site, passage)
        if row is None or row["subject"] is None:
            raise NotFoundError("passage", passage)
        return str(row["subject"])
    if subject is None:
        return None
    found = subject_of(reader, site, subject)
    if found is None:
        raise NotFoundError("subject", subject)
    return found


def _best(
    found: Sequence[tuple[Likeness, Record]],
) -> tuple[list[tuple[Likeness, Record]], bool]:
    rows = {row["id"]: row for _, row in found}
    ranked = sort_by_likeness((one, row["seen_at"], row["id"]) for one, row in found)
    kept = [(likeness, rows[name]) for likeness, _, name in ranked[:SHOWN]]
    return kept, len(ranked) > SHOWN

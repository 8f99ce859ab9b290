"""Dead letters that name somebody: the beginning of a message is kept, sealed, whatever it says."""

from collections.abc import Iterator, Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, select, update

from hub.store.schema import credential, dead_letter
from hub.store.seal import Seal
from wire.plates import parse

_PAGE: Final = 500
_GAPS: Final = str.maketrans("", "", "·• -")
_SHORTEST: Final = 4
"""Characters; what is shorter stands in a message by chance."""


def letters_about(
    connection: Connection, site: str, subjects: Sequence[str], seal: Seal
) -> list[int]:
    """Ids of those in which a card or plate of these subjects stands, however it is spelled.

    Of a plate the letter of the province is left out, which a message may write as an escape:
    rather one letter too many is emptied than one too few.
    """
    wanted = _values(connection, site, subjects, seal)
    if not wanted:
        return []
    return [
        name
        for name, head in _heads(connection, site, seal)
        if any(value in head for value in wanted)
    ]


def empty_letters(connection: Connection, *, ids: Sequence[int]) -> list[str]:
    """That there was one, and why it was set aside, stays; what it said goes. No file goes."""
    connection.execute(
        update(dead_letter).where(dead_letter.c.id.in_(list(ids))).values(sealed=None)
    )
    return []


def _values(connection: Connection, site: str, subjects: Sequence[str], seal: Seal) -> set[str]:
    mine = (credential.c.site == site, credential.c.subject.in_(list(subjects)))
    found = set()
    for sealed in connection.scalars(select(credential.c.sealed).where(*mine)):
        value = _opened(seal, site, sealed)
        plate = parse(value)
        found.add(_folded(value if plate is None else plate.text[1:]))
    return {one for one in found if len(one) >= _SHORTEST}


def _heads(connection: Connection, site: str, seal: Seal) -> Iterator[tuple[int, str]]:
    table, last = dead_letter.c, 0
    query = select(table.id, table.sealed).where(table.site == site, table.sealed.is_not(None))
    while True:
        page = query.where(table.id > last).order_by(table.id).limit(_PAGE)
        rows = connection.execute(page).all()
        for row in rows:
            yield row.id, _folded(_opened(seal, site, row.sealed))
        if len(rows) < _PAGE:
            return
        last = rows[-1].id


def _opened(seal: Seal, site: str, sealed: bytes) -> str:
    try:
        return seal.open(site, sealed).decode("utf-8", "replace")
    except (InvalidTag, ValueError):  # damaged: nobody can read it
        return ""


def _folded(text: str) -> str:
    return text.translate(_GAPS).upper()

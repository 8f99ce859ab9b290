"""Plates that differ in one sign, found without any plate in clear.

Of each plate its forms are kept, hashed with the site's key: the plate with one sign left open, for
each of its signs, and the plate with the signs that cameras take for one another made one. Plates
that have a form in common differ in one sign, or only in such signs; nothing else can be read from
a form.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

OPEN: Final = "?"
_TYPED_OPEN: Final = frozenset("?*_□")
_LABEL: Final = "plate-form\n"
"""No credential holds a line break, so no form's hash is ever a credential's."""

SHORTEST: Final = 5
LONGEST: Final = 10
"""Of plates: those of GA 36-2018 have 7 or 8 signs; a camera may have read one more or less."""

_ALIKE: Final = ("0DOQ", "1ILT", "2Z", "5S", "6G", "7Y", "8B", "UV")
_ONE: Final = {ord(sign): group[0] for group in _ALIKE for sign in group[1:]}


class Likeness(StrEnum):
    """How like a known plate is to what was typed, the most like first."""

    SAME = "same"
    FITS = "fits"  # all signs that were typed; one was left open
    ALIKE = "alike"  # other signs only where cameras take one for the other
    ONE_SIGN = "one-sign"  # one other sign


_ORDER: Final = {one: place for place, one in enumerate(Likeness)}


@dataclass(frozen=True, slots=True)
class TypedPlate:
    """A plate as somebody typed it, normalised. open_at: where a sign was left open, if one was."""

    text: str
    open_at: int | None = None


def read_typed(text: str) -> TypedPlate | None:
    """What was typed, as a plate: half-width, upper case, without dots and spaces.

    One sign may be left open with `?`, `*`, `_` or `□`. None when no plate is written so.
    """
    folded = unicodedata.normalize("NFKC", text).upper()
    signs = [OPEN if sign in _TYPED_OPEN else sign for sign in folded]
    kept = "".join(sign for sign in signs if sign == OPEN or sign.isalnum())
    if not SHORTEST <= len(kept) <= LONGEST or kept.count(OPEN) > 1:
        return None
    place = kept.find(OPEN)
    return TypedPlate(kept, None if place < 0 else place)


def forms(plate: str) -> tuple[str, ...]:
    """The texts whose hashes find a normalised plate again; that of its look-alikes is the last."""
    opened = tuple(_opened(plate, place) for place in range(len(plate)))
    return (*opened, alike_form(plate))


def open_form(typed: TypedPlate) -> str:
    """The one form that a plate with an open sign has in common with those that fit."""
    return _LABEL + typed.text


def alike_form(plate: str) -> str:
    """The form that all plates share which cameras may take for one another."""
    return f"{_LABEL}~{plate.translate(_ONE)}"


def form_number(hashed: str) -> int:
    """What is kept of a form: 64 bits of its keyed hash (64 hex digits), signed."""
    return int(hashed[:16], 16) - 2**63


def sort_by_likeness(
    found: Iterable[tuple[Likeness, int, int]],
) -> list[tuple[Likeness, int, int]]:
    """(likeness, seen_at, id), each id once: the most like first, then the last seen."""
    best: dict[int, tuple[Likeness, int, int]] = {}
    for one in found:
        known = best.get(one[2])
        if known is None or _ORDER[one[0]] < _ORDER[known[0]]:
            best[one[2]] = one
    return sorted(best.values(), key=lambda one: (_ORDER[one[0]], -one[1], one[2]))


def _opened(plate: str, place: int) -> str:
    return f"{_LABEL}{plate[:place]}{OPEN}{plate[place + 1 :]}"

"""Chinese vehicle plates: how they are written, normalised and masked, in this one place.

Source of the forms: GA 36-2018, number plates of motor vehicles. The letters I and O are never
used, and a serial of five holds two letters at most. Black two-letter plates of the armed forces
follow rules of their own and are not known here.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

PROVINCES: Final = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
"""The 31 provinces that issue plates, in the order of GB/T 2260."""

_LETTER: Final = "A-HJ-NP-Z"
_SIGN: Final = "0-9A-HJ-NP-Z"
_PURE: Final = "ABCDE"
_NOT_PURE: Final = "FGHJK"
_MAX_LETTERS: Final = 2
_SERIAL_DIGITS: Final = 5
_NO_DIGITS: Final = str.maketrans("", "", "0123456789")
_DOT: Final = "•"
_HEAD: Final = 2


class PlateKind(StrEnum):
    """What a plate's form says of the vehicle."""

    ORDINARY = "ordinary"  # five signs: a car (blue) or a lorry or bus (yellow)
    NEW_ENERGY_SMALL = "new-energy-small"
    NEW_ENERGY_LARGE = "new-energy-large"
    POLICE = "police"
    TRAILER = "trailer"
    TRAINING = "training"
    HONG_KONG = "hong-kong"
    MACAU = "macau"
    EMBASSY = "embassy"
    CONSULATE = "consulate"
    EMERGENCY = "emergency"  # fire and rescue


class PlateColour(StrEnum):
    """The plate's background, as cameras report it."""

    BLUE = "blue"
    YELLOW = "yellow"
    GREEN = "green"  # small new-energy
    YELLOW_GREEN = "yellow-green"  # large new-energy
    WHITE = "white"
    BLACK = "black"


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate whose form is right. text: normalised, such as `粤B12345`.

    pure_electric: known of new-energy plates only.
    """

    text: str
    kind: PlateKind
    pure_electric: bool | None = None


_FORMS: Final[tuple[tuple[PlateKind, re.Pattern[str]], ...]] = tuple(
    (kind, re.compile(form))
    for kind, form in (
        (PlateKind.ORDINARY, f"[{PROVINCES}][{_LETTER}][{_SIGN}]{{5}}"),
        (
            PlateKind.NEW_ENERGY_SMALL,
            f"[{PROVINCES}][{_LETTER}][{_PURE}{_NOT_PURE}][{_SIGN}][0-9]{{4}}",
        ),
        (PlateKind.NEW_ENERGY_LARGE, f"[{PROVINCES}][{_LETTER}][0-9]{{5}}[{_PURE}{_NOT_PURE}]"),
        (PlateKind.HONG_KONG, f"粤Z[{_SIGN}]{{4}}港"),
        (PlateKind.MACAU, f"粤Z[{_SIGN}]{{4}}澳"),
        (PlateKind.POLICE, f"[{PROVINCES}][{_LETTER}][{_SIGN}]{{4}}警"),
        (PlateKind.TRAILER, f"[{PROVINCES}][{_LETTER}][{_SIGN}]{{4}}挂"),
        (PlateKind.TRAINING, f"[{PROVINCES}][{_LETTER}][{_SIGN}]{{4}}学"),
        (PlateKind.EMBASSY, "(使[0-9]{6}|[0-9]{6}使)"),
        (PlateKind.CONSULATE, f"[{PROVINCES}][{_LETTER}][0-9]{{4}}领"),
        (PlateKind.EMERGENCY, f"[{PROVINCES}][XS][{_SIGN}]{{4}}应急"),
    )
)

COLOURS: Final[Mapping[PlateKind, frozenset[PlateColour]]] = {
    PlateKind.ORDINARY: frozenset({PlateColour.BLUE, PlateColour.YELLOW, PlateColour.BLACK}),
    PlateKind.NEW_ENERGY_SMALL: frozenset({PlateColour.GREEN}),
    PlateKind.NEW_ENERGY_LARGE: frozenset({PlateColour.YELLOW_GREEN, PlateColour.GREEN}),
    PlateKind.POLICE: frozenset({PlateColour.WHITE}),
    PlateKind.TRAILER: frozenset({PlateColour.YELLOW}),
    PlateKind.TRAINING: frozenset({PlateColour.YELLOW}),
    PlateKind.HONG_KONG: frozenset({PlateColour.BLACK}),
    PlateKind.MACAU: frozenset({PlateColour.BLACK}),
    PlateKind.EMBASSY: frozenset({PlateColour.BLACK, PlateColour.GREEN}),
    PlateKind.CONSULATE: frozenset({PlateColour.BLACK, PlateColour.GREEN}),
    PlateKind.EMERGENCY: frozenset({PlateColour.WHITE}),
}
"""The backgrounds that a form may have; cameras tell the two greens apart badly, so the large
form may come as plain green. Black is what foreign-owned cars had before 2007."""


def normalise(text: str) -> str:
    """One spelling for one plate: half-width, upper case, without dots, dashes and spaces."""
    if text[:1] in PROVINCES and text[1:].isascii() and text.isalnum():
        return text.upper()  # as most come
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(sign for sign in folded if sign.isalnum())


def parse(text: str) -> Plate | None:
    """The plate that `text` is, however it is punctuated; None when no plate is written so."""
    plate = normalise(text)
    for kind, form in _FORMS:
        if form.fullmatch(plate) and _few_letters(kind, plate):
            return Plate(plate, kind, _pure_electric(kind, plate))
    return None


def reads_well(text: str, colour: str | None = None) -> bool:
    """Whether a camera's reading can be right: a known form, on a background that it may have."""
    plate = parse(text)
    if plate is None:
        return False
    return colour is None or colour in COLOURS[plate.kind]


def mask(text: str) -> str:
    """What people may see without opening the seal: `粤B·••••5`; of an unknown form, dots only."""
    plate = parse(text)
    if plate is None:
        return _DOT * 4
    if plate.kind is PlateKind.EMBASSY:
        return "使·" + _DOT * 6
    hidden = len(plate.text) - _HEAD - 1
    return f"{plate.text[:_HEAD]}·{_DOT * hidden}{plate.text[-1]}"


def head(text: str) -> str | None:
    """Where a plate is from: province, and the letter of its city, `粤B`; None of other forms."""
    plate = parse(text)
    if plate is None or plate.kind is PlateKind.EMBASSY:
        return None
    return plate.text[:_HEAD]


def _few_letters(kind: PlateKind, plate: str) -> bool:
    if kind is not PlateKind.ORDINARY:
        return True
    return len(plate[-_SERIAL_DIGITS:].translate(_NO_DIGITS)) <= _MAX_LETTERS


def _pure_electric(kind: PlateKind, plate: str) -> bool | None:
    if kind is PlateKind.NEW_ENERGY_SMALL:
        return plate[_HEAD] in _PURE
    return plate[-1] in _PURE if kind is PlateKind.NEW_ENERGY_LARGE else None

"""What a person gives with an action on a case, checked against what the action asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from hub.alerts import Need
from hub.cases.model import Case
from hub.cases.resolution import RESOLUTIONS
from hub.cases.table import ActionSpec
from hub.cases.terms import Terms
from hub.config.standard import Side
from hub.errors import BadRequestError

MAX_NOTE = 2000
"""The longest note, in characters."""

MAX_RATING = 5


@dataclass(frozen=True, slots=True)
class Given:
    """What came with an action; its fields are the values of `Need`, None is nothing.

    department, helpers: ids of the catalogue. item: of the closing standard.
    without: why a joint case goes on without the helpers that have not reported.
    case: id of another case of the site. photos: how many came with it; shows: what they show,
    None for what they do at this step.
    """

    note: str | None = None
    assignee: str | None = None
    resolution: str | None = None
    rating: int | None = None
    department: str | None = None
    helpers: tuple[str, ...] | None = None
    item: str | None = None
    without: str | None = None
    case: str | None = None
    photos: int = 0
    shows: Side | None = None


def checked(case: Case, spec: ActionSpec, given: Given, terms: Terms) -> Given:
    """What the action asks for and was given; a note with any of them. Raises BadRequestError."""
    asked = {Need.NOTE, *spec.needs, *spec.takes}
    kept: dict[str, Any] = {}
    for need in (one for one in Need if one in asked and hasattr(given, one.value)):
        value = getattr(given, need.value)
        if isinstance(value, str):
            value = value.strip()
        if value not in (None, "", ()):
            kept[need.value] = value
    for name, check in _CHECKS.items():
        if name in kept:
            check(case, name, kept[name], terms)
    for need in spec.needs:
        if need.value not in kept:
            raise BadRequestError("is needed for this action", field=need.value)
    return Given(**kept, photos=given.photos, shows=given.shows)


def checked_note(note: str) -> str:
    """The note without its blanks around. Raises BadRequestError."""
    if not note.strip():
        raise BadRequestError("is empty", field="note")
    if len(note) > MAX_NOTE:
        raise BadRequestError(f"is longer than {MAX_NOTE} characters", field="note")
    return note.strip()


def _words(_case: Case, name: str, value: str, _terms: Terms) -> None:
    if len(value) > MAX_NOTE:
        raise BadRequestError(f"is longer than {MAX_NOTE} characters", field=name)


def _resolution(_case: Case, name: str, value: str, _terms: Terms) -> None:
    if value not in RESOLUTIONS:
        raise BadRequestError(f"no resolution {value!r}", field=name)


def _rating(_case: Case, name: str, value: int, _terms: Terms) -> None:
    if not 1 <= value <= MAX_RATING:
        raise BadRequestError(f"is not within 1..{MAX_RATING}", field=name)


def _department(_case: Case, name: str, value: str, terms: Terms) -> None:
    if value not in terms.departments:
        raise BadRequestError(f"no department {value!r}", field=name)


def _helpers(case: Case, name: str, value: tuple[str, ...], terms: Terms) -> None:
    for one in value:
        _department(case, name, one, terms)
    if len(set(value)) < len(value):
        raise BadRequestError("names one twice", field=name)


def _item(_case: Case, name: str, value: str, terms: Terms) -> None:
    if terms.item(value) is None:
        raise BadRequestError(f"no line {value!r} in the closing standard", field=name)


def _other(case: Case, name: str, value: str, _terms: Terms) -> None:
    if value == case.id:
        raise BadRequestError("is this case itself", field=name)


_CHECKS: Final[dict[str, Callable[[Case, str, Any, Terms], None]]] = {
    "note": _words,
    "without": _words,
    "resolution": _resolution,
    "rating": _rating,
    "department": _department,
    "helpers": _helpers,
    "item": _item,
    "case": _other,
}

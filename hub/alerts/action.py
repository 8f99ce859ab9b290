"""What a person may do to an alert or a case, told in a way that a screen can draw."""

from dataclasses import dataclass
from enum import StrEnum

from wire import Text


class Need(StrEnum):
    """What an action asks for."""

    NOTE = "note"
    ASSIGNEE = "assignee"
    RESOLUTION = "resolution"
    RATING = "rating"
    UNTIL = "until"
    DEPARTMENT = "department"
    HELPERS = "helpers"
    ITEM = "item"
    WITHOUT = "without"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class AllowedAction:
    """One action, and whether it may be done now. `why` says why not; None when it may.

    needs: what has to be given with it; takes: what may be given besides.
    """

    id: str
    name: Text
    allowed: bool
    why: Text | None = None
    needs: tuple[Need, ...] = ()
    takes: tuple[Need, ...] = ()

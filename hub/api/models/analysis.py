"""What many cases say together: analysis, weekly reports, monthly notices."""

from typing import Literal

from hub.api.models.base import Answer, Ask, At
from hub.bulletins.figures import Figures
from wire import Text


class CategoryCount(Answer):
    """How many of a category."""

    category: str
    name: Text
    count: int


class Complainant(Answer):
    """One person with many complaints (一人多诉).

    person: a pseudonym, the same for the same person. cases: ids, newest first.
    """

    person: str
    count: int
    open_now: int
    last_at: At
    categories: list[CategoryCount]
    cases: list[str]


class Bulletin(Answer):
    """A weekly report (民声快报) or monthly notice (提示单). made_by: null where time made it."""

    id: str
    site: str
    kind: Literal["weekly", "monthly"]
    since: At
    until: At
    made_at: At
    made_by: str | None


class BulletinWithFigures(Bulletin):
    """With what it says."""

    figures: Figures


class BulletinRequest(Ask):
    """A bulletin of the week or month that is under way."""

    kind: Literal["weekly", "monthly"]

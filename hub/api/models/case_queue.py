"""The list of cases as a place of work: what is asked of it, counts, saved views, many at once."""

from typing import Annotated, Literal

from pydantic import Field

from hub.api.models.base import Answer, Ask, At
from hub.api.models.case import Note
from hub.cases import CaseSource, CaseState
from hub.config import Priority
from wire import Id, Text

MOST_AT_ONCE = 100
"""Cases of one request."""


class CaseFilter(Ask):
    """What the list is asked with; what is left out is not asked. As in the list's own address."""

    state: Literal["open", "closed", "all"] = "open"
    step: CaseState | None = None
    priority: Priority | None = None
    branch: Id | None = None
    category: Id | None = None
    department: Id | None = None
    building: Id | None = None
    source: CaseSource | None = None
    due: Literal["overdue", "soon"] | None = None
    assignee: Annotated[str, Field(max_length=64)] | None = None
    q: Annotated[str, Field(max_length=100)] | None = None
    order: Literal["newest", "due"] = "newest"


class NewCaseView(Ask):
    """A view to keep under a name; the same name again replaces the one before."""

    name: Annotated[str, Field(min_length=1, max_length=60, pattern=r"\S")]
    asked: CaseFilter


class CaseView(Answer):
    """A way to look at the list that its owner has kept."""

    id: str
    name: str
    asked: CaseFilter
    at: At


class FacetValue(Answer):
    """A value of a facet. id: what the list is asked with; null for cases that have none."""

    id: str | None
    name: Text
    count: int


class CaseFacet(Answer):
    """A facet. Its own filter is left out of its counts; all the others hold."""

    id: Literal[
        "step",
        "priority",
        "due",
        "branch",
        "category",
        "department",
        "building",
        "assignee",
    ]
    values: list[FacetValue]


class CaseFacets(Answer):
    """How many open cases there are. total: that fit all that was asked.

    capped: more cases than `looked_through` have the words; the newest so many are counted.
    soon_ms: how near a deadline is that counts as soon.
    """

    total: int
    capped: bool
    looked_through: int
    soon_ms: int
    facets: list[CaseFacet]


class BulkCase(Ask):
    """A case as it was seen: a newer version is told, and not acted upon."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    version: int


class BulkRequest(Ask):
    """One action on many cases. The rest as for one case."""

    cases: Annotated[tuple[BulkCase, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]
    note: Note | None = None
    assignee: Annotated[str, Field(max_length=64)] | None = None
    resolution: Annotated[str, Field(max_length=64)] | None = None
    department: Id | None = None
    helpers: Annotated[tuple[Id, ...], Field(max_length=20)] | None = None


class BulkOutcome(Answer):
    """What came of it for one case.

    outcome: `done`; `stale`: somebody changed it since it was seen; `refused`: see `why`.
    code: of the refusal, as a request of its own would have answered.
    """

    id: str
    outcome: Literal["done", "stale", "refused"]
    code: str | None
    why: Text | None


class BulkAnswer(Answer):
    """By case, in the order in which they were asked."""

    done: int
    outcomes: list[BulkOutcome]

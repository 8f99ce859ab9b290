"""What the list of cases is asked with, from an address to a query."""

from typing import Annotated, Final, Literal

from fastapi import Depends, Query

from hub.api.models.case_queue import CaseFilter
from hub.api.params import OpenState, OptionalId
from hub.api.services import Services
from hub.api.staff import ME
from hub.api.visit import Visit
from hub.cases import CaseSource, CaseState
from hub.config import Priority
from hub.errors import BadRequestError
from hub.store.reads.cases import CaseQuery

NOBODY: Final = "-"
"""Stands for cases without an assignee; no user is called so."""

_Assignee = Annotated[
    str | None,
    Query(
        max_length=64,
        description=f"a user's name, `{ME}` for the asking user, `{NOBODY}` for nobody's",
    ),
]
_Words = Annotated[
    str | None,
    Query(max_length=100, description="each word must stand in number, title, place or assignee"),
]
_Order = Annotated[
    Literal["newest", "due"],
    Query(description="`due`: the nearest deadline first, of open cases that have one"),
]
_Due = Annotated[Literal["overdue", "soon"] | None, Query()]


def _asked(  # noqa: PLR0913 - query parameters, all by name
    *,
    state: OpenState = "open",
    step: CaseState | None = None,
    priority: Priority | None = None,
    branch: OptionalId = None,
    category: OptionalId = None,
    department: OptionalId = None,
    building: OptionalId = None,
    source: CaseSource | None = None,
    due: _Due = None,
    assignee: _Assignee = None,
    q: _Words = None,
    order: _Order = "newest",
) -> CaseFilter:
    return CaseFilter(
        state=state,
        step=step,
        priority=priority,
        branch=branch,
        category=category,
        department=department,
        building=building,
        source=source,
        due=due,
        assignee=assignee,
        q=q,
        order=order,
    )


AsksCases = Annotated[CaseFilter, Depends(_asked)]


def case_query(asked: CaseFilter, services: Services, visit: Visit) -> CaseQuery:
    """The query; of people of a department, only about what concerns them.

    Raises BadRequestError where deadlines are asked of cases that have none.
    """
    if asked.state != "open" and (asked.order == "due" or asked.due is not None):
        field = "order" if asked.order == "due" else "due"
        raise BadRequestError("only open cases have deadlines", field=field)
    nobody = asked.assignee == NOBODY
    assignee = visit.actor.name if asked.assignee == ME else asked.assignee
    categories = services.directory.categories.values()
    return CaseQuery(
        state=asked.state,
        step=None if asked.step is None else asked.step.value,
        priority=None if asked.priority is None else asked.priority.value,
        categories=None
        if asked.branch is None
        else tuple(one.id for one in categories if one.branch_id == asked.branch),
        category=asked.category,
        department=asked.department,
        building=asked.building,
        source=asked.source,
        due=asked.due,
        assignee=None if nobody else assignee,
        nobodys=nobody,
        concerns=visit.actor.department,
        words=tuple((asked.q or "").split()),
        now=services.now(),
        by_deadline=asked.order == "due",
    )

"""Whose a case is: what the people of a department or a contractor see of it, and may do to it.

The estate's own people belong to no department here, and nothing of this holds for them.
"""

from collections.abc import Collection
from typing import Final

from hub.cases.model import Case
from hub.cases.table import ActionSpec
from hub.cases.terms import Terms
from wire import Text

WATCHING: Final = frozenset({"comment", "supervise", "redispatch", "call-in"})
"""What the department that watches a contractor may do; what is done on the spot is not its own."""

HELPING: Final = frozenset({"comment", "report-part"})


def concerned(case: Case, department: str | None) -> bool:
    """Whether a department has to do with it: it handles, helps, or watches. None: the estate."""
    return department is None or department in departments(case)


def departments(case: Case) -> Collection[str]:
    """All that have to do with it."""
    named = {case.department, case.watcher, *(one.department for one in case.parties)}
    return {one for one in named if one is not None}


def outside(case: Case, spec: ActionSpec, terms: Terms, department: str | None) -> Text | None:
    """Why this is not for the people of a department; within it, role and table decide."""
    if department is None or department == case.department:
        return None
    if department == case.watcher and spec.id in WATCHING:
        return None
    if any(one.department == department for one in case.parties) and spec.id in HELPING:
        return None
    name = Text.plain("-") if case.department is None else terms.name(case.department)
    return Text(
        zh=f"本案由{name.zh}处置，贵部门不能{spec.name.zh}",
        en=f"{name.en} handles it: this is not for your department",
    )

"""Who is told of a case, beyond the screen: when it is sent to somebody, due soon, or raised."""

from typing import Final

from hub.cases import Case
from hub.config import Catalogue
from hub.config.org import Org
from hub.pipeline.modes import Modes
from hub.pipeline.paging import Paging
from hub.pipeline.work import Work
from wire import Text

SENT: Final = Text(zh="请处置", en="Yours to handle")
OPENED: Final = Text(zh="应急状态下新报", en="New, in an emergency")

WHY: Final = {
    "dispatch": SENT,
    "redispatch": SENT,
    "remind": Text(zh="即将超时", en="Due soon"),
    "escalate": Text(zh="已超时，请督促", en="Overdue, raised to you"),
    "overdue": Text(zh="已超时", en="Overdue"),
}
"""What a notification says, by what happened to the case; whatever else happens calls nobody."""


class CaseCalls:
    """Holds nothing but the configuration."""

    def __init__(self, *, catalogue: Catalogue, org: Org, paging: Paging, modes: Modes) -> None:
        self._modes = modes
        self._catalogue = catalogue
        self._org = org
        self._paging = paging

    def moved(self, work: Work, case: Case, action: str) -> None:
        """Tell whom it concerns; what was to be told of the case before is void."""
        self._paging.settled(work, case)
        why = WHY.get(action)
        if why is not None:
            self._paging.case(work, case, self._posts(work, case, action), why)

    def opened(self, work: Work, case: Case) -> None:
        """Tell those of a new case whom the mode in force wants told."""
        change = self._modes.change(work, case)
        if change is not None and change.call:
            self._paging.case(work, case, change.call, OPENED)

    def _posts(self, work: Work, case: Case, action: str) -> tuple[str, ...]:
        """Whom it was sent to, and for what time did to it, the unit that answers for it now.

        One who is no post of the organisation has no address here: then the department that leads.
        """
        posts = [
            one.id
            for one in self._org.tree.posts
            if one.account is not None and one.account == case.assignee
        ]
        if action in {"dispatch", "redispatch"}:
            return tuple(posts) or self._lead(work, case)
        unit = None if case.unit is None else self._org.tree.unit(case.unit)
        return (*posts, *(() if unit is None else unit.posts))

    def _lead(self, work: Work, case: Case) -> tuple[str, ...]:
        category = self._catalogue.categories.get(case.category)
        if category is None:
            return ()
        change = self._modes.change(work, case)
        department = category.lead if change is None or change.lead is None else change.lead
        post = self._catalogue.departments[department].post
        return () if post is None else (post,)

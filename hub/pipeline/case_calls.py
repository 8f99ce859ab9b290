"""Who is told of a case, beyond the screen: when it is sent to somebody, due soon, or raised."""

from typing import Final

from hub.cases import Case
from hub.config import Catalogue
from hub.config.org import Org
from hub.pipeline.paging import Paging
from hub.pipeline.work import Work
from wire import Text

SENT: Final = Text(zh="请处置", en="Yours to handle")

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

    def __init__(self, *, catalogue: Catalogue, org: Org, paging: Paging) -> None:
        self._catalogue = catalogue
        self._org = org
        self._paging = paging

    def moved(self, work: Work, case: Case, action: str) -> None:
        """Tell whom it concerns; what was to be told of the case before is void."""
        self._paging.settled(work, case)
        why = WHY.get(action)
        if why is not None:
            self._paging.case(work, case, self._posts(case, action), why)

    def _posts(self, case: Case, action: str) -> tuple[str, ...]:
        """Whom it was sent to, and for what time did to it, the unit that answers for it now.

        One who is no post of the organisation has no address here: then the department that leads.
        """
        posts = [
            one.id
            for one in self._org.tree.posts
            if one.account is not None and one.account == case.assignee
        ]
        if action in {"dispatch", "redispatch"}:
            return tuple(posts) or self._lead(case)
        unit = None if case.unit is None else self._org.tree.unit(case.unit)
        return (*posts, *(() if unit is None else unit.posts))

    def _lead(self, case: Case) -> tuple[str, ...]:
        category = self._catalogue.categories.get(case.category)
        lead = None if category is None else self._catalogue.departments[category.lead].post
        return () if lead is None else (lead,)

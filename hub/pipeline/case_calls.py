"""Who is told of a case, beyond the screen: when it is sent to somebody, due soon, or raised."""

from collections.abc import Iterable
from typing import Final

from hub.cases import Case, HistoryEntry
from hub.config import Catalogue
from hub.config.org import Org
from hub.pipeline.modes import Modes
from hub.pipeline.paging import Paging
from hub.pipeline.work import Work
from wire import Text

SENT: Final = Text(zh="请处置", en="Yours to handle")
HELP: Final = Text(zh="请协同处置", en="Your help is asked for")
WATCH: Final = Text(zh="已直派维保单位，请关注", en="Sent straight to a contractor, please watch")
DISPUTED: Final = Text(zh="权责有争议，请定责", en="Disputed, please decide whose it is")
MERGED: Final = Text(zh="已并案处理", en="Merged into another case")
ROUND_MISSED: Final = Text(zh="巡查漏巡", en="A round was missed")
OPENED: Final = Text(zh="应急状态下新报", en="New, in an emergency")

TIMED: Final = {
    "remind": Text(zh="即将超时", en="Due soon"),
    "escalate": Text(zh="已超时，请督促", en="Overdue, raised to you"),
    "overdue": Text(zh="已超时", en="Overdue"),
}
"""What a notification says of what time did to a case."""

WORDS: Final = (SENT, HELP, WATCH, DISPUTED, MERGED, ROUND_MISSED, OPENED, *TIMED.values())
"""All that a notification may say of a case."""

BESIDE: Final = (HELP, WATCH)
"""Whoever is told so does not have the case, and cannot accept it."""

SENDING: Final = frozenset({"dispatch", "dispatch-direct", "redispatch", "settle"})


class CaseCalls:
    """Holds nothing but the configuration."""

    def __init__(self, *, catalogue: Catalogue, org: Org, paging: Paging, modes: Modes) -> None:
        self._modes = modes
        self._catalogue = catalogue
        self._org = org
        self._paging = paging

    def moved(self, work: Work, case: Case, entry: HistoryEntry, before: Case) -> None:
        """Tell whom it concerns; what was to be told of the case before is void."""
        self._paging.settled(work, case)
        told: set[str] = set()
        for why, posts in self._whom(work, case, entry, before):
            fresh = tuple(dict.fromkeys(one for one in posts if one not in told))
            told.update(fresh)
            if fresh:
                self._paging.case(work, case, fresh, why)

    def _whom(
        self, work: Work, case: Case, entry: HistoryEntry, before: Case
    ) -> Iterable[tuple[Text, tuple[str, ...]]]:
        """Whom to tell what, those first who have to act. Whatever else happens calls nobody."""
        mine = self._posts_of({case.assignee})
        if entry.action in SENDING:
            yield SENT, mine or self._posts_in({case.department}) or self._lead(work, case)
            yield WATCH, self._posts_in({case.watcher})
        if entry.action in TIMED:
            yield TIMED[entry.action], (*mine, *self._unit(case))
        if entry.action == "dispute":
            yield DISPUTED, self._unit(case)
        if entry.action == "merge":
            yield MERGED, self._posts_of({before.assignee})
        known = {one.department for one in before.parties}
        new = [one.department for one in case.parties if one.department not in known]
        yield HELP, self._posts_in({one for one in new if one != case.department})

    def stepped(self, work: Work, case: Case, entry: HistoryEntry) -> None:
        """Tell the system that reported it, where one did."""
        self._paging.reporter(work, case, entry)

    def opened(self, work: Work, case: Case) -> None:
        """Tell those of a new case whom the mode in force wants told."""
        change = self._modes.change(work, case)
        if change is not None and change.call:
            self._paging.case(work, case, change.call, OPENED)

    def _posts_of(self, accounts: set[str | None]) -> tuple[str, ...]:
        """The posts that these people fill; one who fills none has no address here."""
        posts = self._org.tree.posts
        return tuple(one.id for one in posts if one.account is not None and one.account in accounts)

    def _posts_in(self, names: set[str | None]) -> tuple[str, ...]:
        departments = self._catalogue.departments.values()
        return tuple(one.post for one in departments if one.id in names and one.post is not None)

    def _unit(self, case: Case) -> tuple[str, ...]:
        unit = None if case.unit is None else self._org.tree.unit(case.unit)
        return () if unit is None else unit.posts

    def _lead(self, work: Work, case: Case) -> tuple[str, ...]:
        """A department without a post is reached by the one that leads."""
        category = self._catalogue.categories.get(case.category)
        if category is None:
            return ()
        change = self._modes.change(work, case)
        lead = category.lead if change is None or change.lead is None else change.lead
        return self._posts_in({lead})

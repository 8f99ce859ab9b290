"""Cases that have to do with each other: links both ways, and duplicates merged into a lead."""

from dataclasses import replace
from typing import Final

from hub.cases import DONE_STATES, STATE_NAMES, Case, HistoryEntry
from hub.errors import BadRequestError, NotAllowedError
from hub.pipeline.case_calls import CaseCalls
from hub.pipeline.work import Work
from hub.store.write.case_links import add_link, merged_count, remove_link
from hub.store.write.cases import find_case, update_case
from wire import Text

TIES: Final = frozenset({"link", "unlink", "merge", "unmerge"})
"""Actions that concern a second case; the flow alone says whether the first one allows them."""

MERGED_IN: Final = "merged-in"
"""A step of the lead's history: another case was merged into it, named by the step's detail."""

LINKED: Final = Text(zh="两个案件已经关联", en="These two are linked already")
NOT_LINKED: Final = Text(zh="两个案件没有关联", en="These two are not linked")
LEADS_OTHERS: Final = Text(
    zh="已有案件并入本案；请先撤销那些并案，或把它们并入主案",
    en="Other cases were merged into this one; undo that first",
)


class CaseTies:
    """Both cases tell of it in their histories; neither loses its own."""

    def __init__(self, calls: CaseCalls) -> None:
        self._calls = calls

    def tie(self, work: Work, before: Case, after: Case, entry: HistoryEntry) -> HistoryEntry:
        """Do what the action means for the other case; the entry, which names it now.

        Raises BadRequestError when there is no such case, NotAllowedError with the reason why
        these two cannot be tied, or untied, so.
        """
        name = before.merged_into if entry.action == "unmerge" else entry.detail["case"]
        other = find_case(work.connection, before.site, str(name))
        if other is None:
            raise BadRequestError("is not a case of this site", field="case")
        if entry.action == "merge":
            self._merge(work, after, other, entry)
        elif entry.action == "unmerge":
            self._unmerge(work, after, other, entry)
        else:
            self._link(work, after, other, entry)
        return replace(entry, detail={**entry.detail, "case": other.id, "number": other.number})

    def _merge(self, work: Work, case: Case, lead: Case, entry: HistoryEntry) -> None:
        if lead.state in DONE_STATES:
            state = STATE_NAMES[lead.state]
            raise NotAllowedError(
                Text(
                    zh=f"主案 {lead.number} 处于“{state.zh}”阶段，不能并入",
                    en=f"Case {lead.number} is not open any more: {state.en.lower()}",
                )
            )
        if merged_count(work.connection, case.id):
            raise NotAllowedError(LEADS_OTHERS)
        # the lead stands for both: it is as urgent as the more urgent of them
        urgent = min(lead.priority, case.priority)
        self._told(work, replace(lead, priority=urgent), case, MERGED_IN, entry)

    def _unmerge(self, work: Work, case: Case, lead: Case, entry: HistoryEntry) -> None:
        if lead.state in DONE_STATES:
            raise NotAllowedError(
                Text(
                    zh=f"主案 {lead.number} 已办结，并案不能撤销；请先重新打开主案",
                    en=f"Case {lead.number} is done, and this one with it: reopen that first",
                )
            )
        self._told(work, lead, case, "merged-out", entry)

    def _link(self, work: Work, case: Case, other: Case, entry: HistoryEntry) -> None:
        pair = (case.id, other.id)
        if entry.action == "link":
            done = add_link(work.connection, case.site, *pair, at=work.now, actor=entry.actor)
        else:
            done = remove_link(work.connection, *pair)
        if not done:
            raise NotAllowedError(LINKED if entry.action == "link" else NOT_LINKED)
        self._told(work, other, case, entry.action, entry)

    def _told(self, work: Work, other: Case, case: Case, action: str, entry: HistoryEntry) -> None:
        after = replace(other, updated_at=work.now, version=other.version + 1)
        detail = {"case": case.id, "number": case.number}
        line = HistoryEntry(
            work.now, entry.actor, action, other.state, other.state, entry.note, detail
        )
        update_case(work.connection, after, line)
        work.changed(after.site, "case", after.id, after.version)
        if action == MERGED_IN:
            self._calls.moved(work, after, line, other)

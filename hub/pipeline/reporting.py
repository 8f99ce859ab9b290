"""Reports from outside become cases: each of them once, however often it is sent."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from hub.cases import TRANSITIONS, Case, HistoryEntry, concerned, standing
from hub.errors import NotAllowedError, NotFoundError
from hub.pipeline.acts import OpenCase, RateReport, ReportCase, Say
from hub.pipeline.once import once
from hub.pipeline.work import Work
from hub.store.write.cases import find_case, update_case
from hub.store.write.counters import Count
from hub.store.write.reports import (
    RESIDENT,
    Report,
    add_report,
    average_rating,
    rate_report,
    report_of,
)
from wire import Text

ASK: Final = "ask"
ANSWER: Final = "answer"
"""Steps of a case's history that its reporter sees."""

MOST_STEPS: Final = 500
"""Whoever has more to say about one case meets."""

_NOBODY: Final = Text(
    zh="这个案件不是由外部上报的，无人可问", en="Nobody outside reported this case"
)
_NOT_OVER: Final = Text(zh="办结后才能评价", en="It can be rated once it is closed")
_RATED: Final = Text(zh="已经评价过了", en="It has been rated already")
_ENOUGH: Final = Text(zh="留言已满", en="Enough has been said here")


class Reporting:
    """open_case: as for a person. hashed: the keyed hash of a site's value.

    reporter: tells the system that reported a case of a step.
    """

    def __init__(
        self,
        open_case: Callable[[Work, OpenCase], str],
        hashed: Callable[[str, str], str],
        reporter: Callable[[Work, Case, HistoryEntry], None],
    ) -> None:
        self._reporter = reporter
        self._open_case = open_case
        self._hashed = hashed

    def run(self, work: Work, act: ReportCase | Say | RateReport) -> str:
        """The id of the case. Raises what `hub.errors` names, and then nothing has changed."""
        if isinstance(act, Say):
            return self._say(work, act)
        if isinstance(act, RateReport):
            return self._rate(work, act)
        return self._report(work, act)

    def _report(self, work: Work, act: ReportCase) -> str:
        """The id of the case: the one of before when it was reported before.

        Raises ReusedKeyError, and what opening a case raises.
        """
        return once(work, act.key, lambda: self._opened(work, act))

    def _opened(self, work: Work, act: ReportCase) -> str:
        case_id = self._open_case(work, act.case)
        add_report(
            work.connection,
            Report(
                case_id=case_id,
                site=act.case.site,
                reporter=act.key.reporter,
                created_at=work.now,
                reference=act.reference,
                receipt_hash=act.receipt_hash,
                contact=act.contact,
                person=None if act.person is None else self._pseudonym(act.case.site, act.person),
            ),
        )
        resident = act.key.reporter == RESIDENT
        work.count(act.case.site, Count.RESIDENT_REPORTS if resident else Count.PLATFORM_REPORTS)
        return case_id

    def _pseudonym(self, site: str, person: str) -> str:
        """Spaces and dashes in a telephone number make no second person."""
        return self._hashed(site, re.sub(r"[\s-]", "", person))[:16]

    def _say(self, work: Work, act: Say) -> str:
        """A question to the reporter, or an answer."""
        case, _ = _reported(work, act.site, act.case)
        if not concerned(case, act.mine):
            raise NotFoundError("case", act.case)
        action = ANSWER if act.actor is None else ASK
        entry = HistoryEntry(
            work.now, act.actor or RESIDENT, action, case.state, case.state, note=act.text
        )
        return _changed(work, case, entry)

    def _rate(self, work: Work, act: RateReport) -> str:
        """What the reporter thinks of it: once, when it is over."""
        case, found = _reported(work, act.site, act.case)
        handled = standing(case, lambda name: find_case(work.connection, act.site, name))
        if handled.closed_at is None:
            raise NotAllowedError(_NOT_OVER)
        if found.rated_at is not None:
            raise NotAllowedError(_RATED)
        rate_report(work.connection, case.id, act.rating, work.now)
        if handled.id != case.id:
            said = {"rating": act.rating, "case": handled.id, "number": handled.number}
            entry = HistoryEntry(work.now, RESIDENT, "rate", case.state, case.state, act.note, said)
            _changed(work, case, entry)
        self._rated(work, handled, act, case)
        return case.id

    def _rated(self, work: Work, handled: Case, act: RateReport, reported: Case) -> None:
        """What was handled has the average of what all of its reporters think of it."""
        told: dict[str, Any] = {"rating": act.rating}
        if reported.id != handled.id:
            told |= {"case": reported.id, "number": reported.number}
        to_state = TRANSITIONS.get((handled.state, "rate"), handled.state)
        entry = HistoryEntry(work.now, RESIDENT, "rate", handled.state, to_state, act.note, told)
        average = round(average_rating(work.connection, handled.id) or act.rating)
        after = replace(
            handled,
            state=to_state,
            rating=average,
            updated_at=work.now,
            version=handled.version + 1,
        )
        _write(work, after, entry)
        self._reporter(work, after, entry)


def _changed(work: Work, case: Case, entry: HistoryEntry) -> str:
    after = replace(case, updated_at=work.now, version=case.version + 1)
    if after.version > MOST_STEPS:
        raise NotAllowedError(_ENOUGH)
    _write(work, after, entry)
    return after.id


def _write(work: Work, after: Case, entry: HistoryEntry) -> None:
    update_case(work.connection, after, entry)
    work.changed(after.site, "case", after.id, after.version)


def _reported(work: Work, site: str, name: str) -> tuple[Case, Report]:
    """The case and its report. Raises NotFoundError, NotAllowedError."""
    case = find_case(work.connection, site, name)
    if case is None:
        raise NotFoundError("case", name)
    found = report_of(work.connection, case.id)
    if found is None or found.receipt_hash is None:
        raise NotAllowedError(_NOBODY)
    return case, found

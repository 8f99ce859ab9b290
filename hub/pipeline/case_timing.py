"""Deadlines of cases, and what happens by itself when they are missed."""

from dataclasses import replace
from typing import Final

from hub.alerts.modes import most_urgent
from hub.cases import Case, Timetable, due, hastened, timed
from hub.config import Catalogue
from hub.config.catalogue import OTHER
from hub.config.org import Org
from hub.pipeline.case_calls import CaseCalls
from hub.pipeline.modes import Modes
from hub.pipeline.registry import Registry
from hub.pipeline.work import Work
from hub.store.write.cases import due_cases, update_case

UNIT_OF_NOBODY: Final = "hub"
"""Stands where the organisation answers for no such place."""

MOST_A_TICK: Final = 200
"""Cases that one tick steps, so that people and life safety never wait long for the writer."""


class CaseTiming:
    """Holds nothing between calls: each case's own row says when it is due next."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        org: Org,
        registry: Registry,
        calls: CaseCalls,
        modes: Modes,
    ) -> None:
        self._modes = modes
        self._catalogue = catalogue
        self._org = org
        self._registry = registry
        self._calls = calls

    def started(self, work: Work, case: Case) -> Case:
        """A new case with its first deadline, and the priority that the mode in force gives."""
        case = self._raised(work, case)
        timetable, unit = self._timetable(work, case), self._units(work, case)[0]
        case = timed(None, case, work.now, timetable, unit)
        self._calls.opened(work, case)
        return case

    def moved(self, work: Work, before: Case, after: Case) -> Case:
        """A case after an action, with the deadline of the step that it is in."""
        timetable, unit = self._timetable(work, after), self._units(work, after)[0]
        return timed(before, after, work.now, timetable, unit)

    def hastened(self, work: Work, case: Case) -> Case | None:
        """An open case under a mode that has just begun; None for one that it does not touch."""
        if self._modes.change(work, case) is None:
            return None
        raised = self._raised(work, case)
        return hastened(raised, work.now, self._timetable(work, raised))

    def disputed(self, work: Work, case: Case) -> Case:
        """A disputed case goes to the unit above, which decides whose it is; its time runs on."""
        units = self._units(work, case)
        rung = min(case.rung + 1, len(units) - 1)
        return replace(case, rung=rung, unit=units[rung])

    def run(self, work: Work) -> None:
        """Let time pass: remind, and raise what is overdue to the unit above."""
        for case in due_cases(work.connection, work.now, MOST_A_TICK):
            above = self._units(work, case)[1:]
            stepped = due(case, work.now, self._timetable(work, case), above)
            if stepped is None:
                continue
            after, entry = stepped
            update_case(work.connection, after, entry)
            work.changed(after.site, "case", after.id, after.version)
            self._calls.moved(work, after, entry, case)

    def _raised(self, work: Work, case: Case) -> Case:
        change = self._modes.change(work, case)
        if change is None or change.priority is None:
            return case
        return replace(case, priority=most_urgent([case.priority, change.priority]))

    def _timetable(self, work: Work, case: Case) -> Timetable:
        # A category that has left the catalogue is timed as anything else.
        category = self._catalogue.categories.get(case.category)
        deadlines = (category or self._catalogue.categories[OTHER]).deadlines
        change = self._modes.change(work, case)
        hours = deadlines.hours if change is None or change.hours is None else change.hours
        return Timetable(
            deadlines=deadlines,
            calendar=self._catalogue.calendars[hours],
            escalation=self._catalogue.escalations[case.priority],
            utc_offset=self._org.roster.utc_offset,
            share=1.0 if change is None else change.time,
        )

    def _units(self, work: Work, case: Case) -> list[str]:
        """The units that answer for it: first the one on its category's level, then those above.

        Where the organisation has no such level here, the lowest that it has.
        """
        chain = self._org.chain_of(case.site, self._registry.building_of(case))
        category = self._catalogue.categories.get(case.category)
        level = None if category is None else category.level
        change = self._modes.change(work, case)
        if change is not None and change.level is not None:
            level = change.level
        first = next((row for row, unit in enumerate(chain) if unit.level == level), 0)
        return [unit.id for unit in chain[first:]] or [UNIT_OF_NOBODY]

"""What people do to cases: steps of the flow, reports, and what ties cases to each other."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from hub.cases import Case, Given, HistoryEntry, Rulebook, apply, concerned, open_by_hand
from hub.config import Category
from hub.errors import BadRequestError, ConflictError, NotFoundError
from hub.pipeline.acts import CaseAct, OpenCase
from hub.pipeline.case_calls import CaseCalls
from hub.pipeline.case_ties import TIES, CaseTies
from hub.pipeline.case_timing import CaseTiming
from hub.pipeline.modes import Modes
from hub.pipeline.numbers import next_number
from hub.pipeline.once import once
from hub.pipeline.photos import with_photos
from hub.pipeline.registry import Registry
from hub.pipeline.work import Work
from hub.store.write.cases import find_case, insert_case, update_case


class CaseWork:
    """Holds nothing but the configuration."""

    def __init__(
        self,
        *,
        registry: Registry,
        categories: Mapping[str, Category],
        rulebook: Rulebook,
        timing: CaseTiming,
        calls: CaseCalls,
        modes: Modes,
    ) -> None:
        self._registry = registry
        self._categories = categories
        self._rulebook = rulebook
        self._timing = timing
        self._calls = calls
        self._modes = modes
        self._ties = CaseTies(calls)

    def act(self, work: Work, act: CaseAct) -> str:
        """One step on a case; its id. Raises what `hub.errors` names."""
        return once(work, act.key, lambda: self._act(work, act))

    def open(self, work: Work, act: OpenCase) -> str:
        """A case that a person reports; its id. Raises what `hub.errors` names."""
        return once(work, act.key, lambda: self._open(work, act))

    def _act(self, work: Work, act: CaseAct) -> str:
        case = find_case(work.connection, act.site, act.case)
        if case is None or not concerned(case, act.mine):
            raise NotFoundError("case", act.case)
        if act.version is not None and act.version != case.version:
            raise ConflictError("it has changed since you looked", code="stale-version")
        after, entry = apply(
            case,
            act.action,
            actor=act.actor,
            role=act.role,
            now=work.now,
            terms=self._rulebook.of(case),
            given=self._given(work, case, act),
            department=act.mine,
        )
        if act.via is not None:
            entry = replace(entry, detail={**entry.detail, "via": act.via})
        if act.action in TIES:
            entry = self._ties.tie(work, case, after, entry)
        after = self._timing.moved(work, case, after)
        if act.action == "dispute":
            after = self._timing.disputed(work, after)
        self.keep(work, case, after, with_photos(work, after, entry, act.photos))
        return after.id

    def keep(self, work: Work, before: Case, after: Case, entry: HistoryEntry) -> None:
        """Write a step down, and tell of it."""
        update_case(work.connection, after, entry)
        work.changed(after.site, "case", after.id, after.version)
        moved = after.state is not before.state or after.assignee != before.assignee
        if moved or after.parties != before.parties:
            self._calls.moved(work, after, entry, before)
        self._calls.stepped(work, after, entry)

    def _open(self, work: Work, act: OpenCase) -> str:
        if act.site not in self._registry.sites:
            raise NotFoundError("site", act.site)
        if act.device is not None and self._registry.device(act.site, act.device) is None:
            raise BadRequestError("is not a device of this site", field="device")
        category = self._categories.get(act.category)
        if category is None:
            raise BadRequestError(f"no category {act.category!r}", field="category")
        if act.building is not None and act.building not in self._registry.buildings(act.site):
            raise BadRequestError("is not a building of this site", field="building")
        number = next_number(work, act.site)
        place, building = act.place, act.building
        if place is None and act.device is not None:
            place = self._registry.place(act.site, act.device)
        if building is None and act.device is not None:
            building = self._registry.building(act.site, act.device)
        case, entry = open_by_hand(
            case_id=_case_id(act.site, number),
            site=act.site,
            category=category,
            title=act.title,
            number=number,
            now=work.now,
            actor=act.actor,
            note=act.note,
            device=act.device,
            place=place,
            building=building,
            floor=act.floor,
            source=act.source,
            photos=len(act.photos),
        )
        entry = replace(entry, detail={**entry.detail, **act.origin})
        case = self._timing.started(work, case)
        insert_case(work.connection, case, with_photos(work, case, entry, act.photos))
        work.changed(act.site, "case", case.id, case.version)
        return case.id

    def _given(self, work: Work, case: Case, act: CaseAct) -> Given:
        """What the person gave; a dispatch that names nobody goes where the mode in force says."""
        department = act.department
        if act.action == "dispatch" and department is None:
            change = self._modes.change(work, case)
            department = None if change is None else change.lead
        return Given(
            note=act.note,
            assignee=act.assignee,
            resolution=act.resolution,
            rating=act.rating,
            department=department,
            helpers=act.helpers,
            item=act.item,
            without=act.without,
            case=act.other,
            photos=len(act.photos),
            shows=act.shows,
        )


def _case_id(site: str, number: str) -> str:
    """A number is given once per site, so this id is too; 16 hex digits, as an alert's case has."""
    return hashlib.sha256(f"case|{site}|{number}".encode()).hexdigest()[:16]

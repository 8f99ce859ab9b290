"""What people do to alerts and cases; runs inside one transaction."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from hub.alerts import Alert, AlertEvent, apply
from hub.alerts.life import refusal
from hub.cases import Case, open_by_hand
from hub.cases import apply as apply_to_case
from hub.config import Category
from hub.errors import BadRequestError, ConflictError, NotAllowedError, NotFoundError
from hub.pipeline.acts import (
    Act,
    AlertAct,
    AskService,
    CaseAct,
    HoldAct,
    ModeAct,
    OpenCase,
    RateReport,
    ReportCase,
    Say,
    SwitchMode,
)
from hub.pipeline.annunciator import Annunciator
from hub.pipeline.case_calls import CaseCalls
from hub.pipeline.case_timing import CaseTiming
from hub.pipeline.holding import Holding
from hub.pipeline.mode_switching import ModeSwitching
from hub.pipeline.opening import Opening
from hub.pipeline.photos import with_photos
from hub.pipeline.registry import Registry
from hub.pipeline.reporting import Reporting
from hub.pipeline.work import Work
from hub.store.write.alerts import add_alert_step, find_alert, update_alert
from hub.store.write.cases import find_case, insert_case, next_number, update_case

_EVENTS: Final = {"acknowledge": AlertEvent.ACKNOWLEDGE, "reset": AlertEvent.RESET}


class Acting:
    """The pipeline's third door. Each act returns the id of the alert or case that it changed."""

    def __init__(  # noqa: PLR0913 - the parts that it is put together from, all by name
        self,
        *,
        registry: Registry,
        opening: Opening,
        annunciator: Annunciator,
        holding: Holding,
        categories: Mapping[str, Category],
        timing: CaseTiming,
        calls: CaseCalls,
        switching: ModeSwitching,
        hashed: Callable[[str, str], str],
    ) -> None:
        self._switching = switching
        self._registry = registry
        self._opening = opening
        self._annunciator = annunciator
        self._holding = holding
        self._categories = categories
        self._timing = timing
        self._calls = calls
        self._reporting = Reporting(self._open_case, hashed)

    def run(self, work: Work, act: Act) -> str:
        """Do it. Raises what `hub.errors` names, and then nothing has changed."""
        if isinstance(act, AlertAct):
            return self._alert(work, act)
        if isinstance(act, CaseAct):
            return self._case(work, act)
        if isinstance(act, AskService | HoldAct):
            return self._holding.run_act(work, act)
        if isinstance(act, SwitchMode | ModeAct):
            return self._switching.run_act(work, act)
        if isinstance(act, ReportCase | Say | RateReport):
            return self._reporting.run(work, act)
        return self._open_case(work, act)

    def _alert(self, work: Work, act: AlertAct) -> str:
        alert = find_alert(work.connection, act.site, act.alert)
        if alert is None:
            raise NotFoundError("alert", act.alert)
        _check_version(alert, act.version)
        if act.action == "open-case":
            category = None if act.category is None else self._category(act.category)
            after, case = self._opening.open_case(work, alert, actor=act.actor, category=category)
            update_alert(work.connection, after)
            _note(work, act, alert, after)
            return case.id
        if act.action == "unshelve":
            self._holding.unshelve(work, alert, act)
            return alert.id
        after = self._step(work, alert, act)
        update_alert(work.connection, after)
        _note(work, act, alert, after)
        kind = "agent" if self._registry.agent(act.site, after.device) else "device"
        work.changed(act.site, "alert", after.id, after.version)
        work.changed(act.site, kind, after.device, work.now)
        return after.id

    def _step(self, work: Work, alert: Alert, act: AlertAct) -> Alert:
        if act.action == "note":
            return _noted(alert, act)
        if act.action == "shelve":
            return self._holding.shelve(work, alert, act)
        event = _EVENTS.get(act.action)
        if event is None:
            raise BadRequestError(f"no action {act.action!r}", field="action")
        after = apply(alert, event, now=work.now, actor=act.actor)
        self._annunciator.stop(work, after)
        return after

    def _case(self, work: Work, act: CaseAct) -> str:
        case = find_case(work.connection, act.site, act.case)
        if case is None:
            raise NotFoundError("case", act.case)
        _check_version(case, act.version)
        after, entry = apply_to_case(
            case,
            act.action,
            actor=act.actor,
            role=act.role,
            now=work.now,
            note=act.note,
            assignee=act.assignee,
            resolution=act.resolution,
            rating=act.rating,
        )
        if act.via is not None:
            entry = replace(entry, detail={**entry.detail, "via": act.via})
        after = self._timing.moved(work, case, after)
        update_case(work.connection, after, with_photos(work, after, entry, act.photos))
        work.changed(act.site, "case", after.id, after.version)
        if after.state is not case.state or after.assignee != case.assignee:
            self._calls.moved(work, after, act.action)
        return after.id

    def _open_case(self, work: Work, act: OpenCase) -> str:
        if act.site not in self._registry.sites:
            raise NotFoundError("site", act.site)
        if act.device is not None and self._registry.device(act.site, act.device) is None:
            raise BadRequestError("is not a device of this site", field="device")
        category = self._category(act.category)
        number = next_number(work.connection, act.site, work.now)
        place = act.place
        if place is None and act.device is not None:
            place = self._registry.place(act.site, act.device)
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
            source=act.source,
        )
        case = self._timing.started(work, case)
        insert_case(work.connection, case, with_photos(work, case, entry, act.photos))
        work.changed(act.site, "case", case.id, case.version)
        return case.id

    def _category(self, name: str) -> Category:
        found = self._categories.get(name)
        if found is None:
            raise BadRequestError(f"no category {name!r}", field="category")
        return found


def _noted(alert: Alert, act: AlertAct) -> Alert:
    """The alert with something said about it, for whoever takes over."""
    if not (act.note or "").strip():
        raise BadRequestError("is needed", field="note")
    if alert.closed_at is not None:
        raise NotAllowedError(refusal(alert.state))
    return replace(alert, version=alert.version + 1)


def _check_version(thing: Alert | Case, version: int | None) -> None:
    if version is not None and version != thing.version:
        raise ConflictError("it has changed since you looked", code="stale-version")


def _case_id(site: str, number: str) -> str:
    """A number is given once per site, so this id is too; 16 hex digits, as an alert's case has."""
    return hashlib.sha256(f"case|{site}|{number}".encode()).hexdigest()[:16]


def _note(work: Work, act: AlertAct, before: Alert, after: Alert) -> None:
    add_alert_step(
        work.connection,
        after,
        at=work.now,
        actor=act.actor,
        action=act.action,
        from_state=before.state,
        note=act.note,
    )

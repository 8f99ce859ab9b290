"""What people do to alerts and cases; runs inside one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from hub.alerts import Alert, AlertEvent, apply
from hub.alerts.life import refusal
from hub.cases import Case, HistoryEntry
from hub.config import Category
from hub.errors import BadRequestError, ConflictError, NotAllowedError, NotFoundError
from hub.pipeline.acts import (
    Act,
    AlertAct,
    AskService,
    AskWatch,
    CaseAct,
    DecideWatch,
    EndWatch,
    HoldAct,
    ModeAct,
    NoteLook,
    OpenCase,
    RateReport,
    ReportCase,
    Say,
    StartRound,
    SwitchMode,
    VisitPoint,
)
from hub.pipeline.annunciator import Annunciator
from hub.pipeline.casework import CaseWork
from hub.pipeline.holding import Holding
from hub.pipeline.looking import Looking
from hub.pipeline.mode_switching import ModeSwitching
from hub.pipeline.opening import Opening
from hub.pipeline.patrolling import Patrolling
from hub.pipeline.registry import Registry
from hub.pipeline.reporting import Reporting
from hub.pipeline.watching import Watching
from hub.pipeline.work import Work
from hub.store.write.alerts import add_alert_step, find_alert, update_alert

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
        casework: CaseWork,
        switching: ModeSwitching,
        patrolling: Patrolling,
        looking: Looking,
        watching: Watching,
        hashed: Callable[[str, str], str],
        reporter: Callable[[Work, Case, HistoryEntry], None],
    ) -> None:
        self._registry = registry
        self._opening = opening
        self._annunciator = annunciator
        self._holding = holding
        self._categories = categories
        reporting = Reporting(casework.open, hashed, reporter)
        self._doers: dict[type[Act], Callable[[Work, Any], str]] = {
            AlertAct: self._alert,
            CaseAct: casework.act,
            OpenCase: casework.open,
            AskService: holding.run_act,
            HoldAct: holding.run_act,
            SwitchMode: switching.run_act,
            ModeAct: switching.run_act,
            StartRound: patrolling.run_act,
            VisitPoint: patrolling.run_act,
            NoteLook: looking.run_act,
            AskWatch: watching.run_act,
            DecideWatch: watching.run_act,
            EndWatch: watching.run_act,
            ReportCase: reporting.run,
            Say: reporting.run,
            RateReport: reporting.run,
        }

    def run(self, work: Work, act: Act) -> str:
        """Do it. Raises what `hub.errors` names, and then nothing has changed."""
        return self._doers[type(act)](work, act)

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


def _check_version(thing: Alert, version: int | None) -> None:
    if version is not None and version != thing.version:
        raise ConflictError("it has changed since you looked", code="stale-version")


def _note(work: Work, act: AlertAct, before: Alert, after: Alert) -> None:
    add_alert_step(
        work.later,
        after,
        at=work.now,
        actor=act.actor,
        action=act.action,
        from_state=before.state,
        note=act.note,
    )

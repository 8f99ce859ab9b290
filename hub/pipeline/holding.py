"""Shelves and times out of service: asked for, approved, ended by people or by time."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from hub.alerts import (
    ACTIVE_STATES,
    Alert,
    AlertEvent,
    AlertState,
    Hold,
    HoldEvent,
    HoldKind,
    HoldState,
    apply,
    service,
    shelf,
    step_hold,
)
from hub.cases import SYSTEM
from hub.config import AlarmType, Role
from hub.errors import BadRequestError, ConflictError, NotFoundError
from hub.pipeline.acts import AlertAct, AskService, HoldAct
from hub.pipeline.alerting import Alerting
from hub.pipeline.annunciator import Annunciator
from hub.pipeline.registry import Registry
from hub.pipeline.work import Work
from hub.store.write.alarm_holds import (
    active_hold,
    count_holds,
    find_hold,
    insert_hold,
    update_hold,
)
from hub.store.write.alerts import add_alert_step, open_alerts, update_alert

_ENDS: Final = {
    AlertState.SHELVED: AlertEvent.UNSHELVE,
    AlertState.OUT_OF_SERVICE: AlertEvent.PUT_BACK,
}


class Holding:
    """Holds nothing but the configuration. Raises what `hub.errors` names."""

    def __init__(
        self,
        *,
        registry: Registry,
        alarms: Mapping[str, AlarmType],
        alerting: Alerting,
        annunciator: Annunciator,
    ) -> None:
        self._registry = registry
        self._alarms = alarms
        self._alerting = alerting
        self._annunciator = annunciator

    def shelve(self, work: Work, alert: Alert, act: AlertAct) -> Alert:
        """Put an alert aside, with whatever comes of the same alarm until then."""
        if act.until is None:
            raise BadRequestError("is needed", field="until")
        key = (alert.site, alert.device, alert.condition)
        asked = Hold(
            id=_id(work, key),
            site=alert.site,
            device=alert.device,
            condition=alert.condition,
            kind=HoldKind.SHELF,
            state=HoldState.ACTIVE,
            reason=act.note or "",
            until=act.until,
            requested_by=act.actor,
            requested_at=work.now,
        )
        hold = shelf(asked, priority=alert.priority, role=act.role, now=work.now)
        after = apply(alert, AlertEvent.SHELVE, now=work.now)
        self._none_yet(work, key)
        insert_hold(work.connection, hold)
        self._annunciator.stop(work, after)
        return replace(after, held_until=hold.until)

    def unshelve(self, work: Work, alert: Alert, act: AlertAct) -> None:
        """End a shelf before its time."""
        hold = active_hold(work.connection, alert.site, alert.device, alert.condition)
        if hold is None or hold.kind is not HoldKind.SHELF:
            apply(alert, AlertEvent.UNSHELVE, now=work.now)  # says why not, where it is not shelved
            raise NotFoundError("hold", alert.id)
        self.end(work, hold, actor=act.actor, role=act.role, note=act.note)

    def run_act(self, work: Work, act: AskService | HoldAct) -> str:
        """What a person asks; the hold's id."""
        return self.ask(work, act) if isinstance(act, AskService) else self.act(work, act)

    def ask(self, work: Work, act: AskService) -> str:
        """Ask that an alarm be taken out of service; another person has to approve it."""
        if self._registry.place(act.site, act.device) is None:
            known = self._registry.device(act.site, act.device) or self._registry.agent(
                act.site, act.device
            )
            if known is None:
                raise BadRequestError("is not a device of this site", field="device")
        if act.condition not in self._alarms:
            raise BadRequestError("is not an alarm type", field="condition")
        key = (act.site, act.device, act.condition)
        asked = Hold(
            id=_id(work, key),
            site=act.site,
            device=act.device,
            condition=act.condition,
            kind=HoldKind.SERVICE,
            state=HoldState.REQUESTED,
            reason=act.reason,
            until=act.until,
            requested_by=act.actor,
            requested_at=work.now,
            permit=act.permit,
            substitute=act.substitute,
        )
        hold = service(asked, role=act.role, now=work.now)
        insert_hold(work.connection, hold)
        return hold.id

    def act(self, work: Work, act: HoldAct) -> str:
        """One step on a hold."""
        hold = find_hold(work.connection, act.site, act.hold)
        if hold is None:
            raise NotFoundError("hold", act.hold)
        if act.event is HoldEvent.END:
            self.end(work, hold, actor=act.actor, role=act.role, note=act.note)
            return hold.id
        after = step_hold(hold, act.event, actor=act.actor, role=act.role, now=work.now)
        if after.state is HoldState.ACTIVE:
            self._replace_shelf(work, after)
        update_hold(work.connection, after)
        if after.state is HoldState.ACTIVE:
            self._take_out(work, after)
        return hold.id

    def end(
        self,
        work: Work,
        hold: Hold,
        *,
        actor: str | None,
        role: Role = Role.ADMIN,
        note: str | None = None,
    ) -> None:
        """The hold is over; what is still there is told. actor: None for time itself."""
        after = step_hold(hold, HoldEvent.END, actor=actor, role=role, now=work.now)
        update_hold(work.connection, after)
        if hold.state is HoldState.REQUESTED:  # it never began; what else holds the alarm stays
            return
        for alert in open_alerts(work.settled(), hold.site, hold.device, hold.condition):
            event = _ENDS.get(alert.state)
            if event is not None:
                back = apply(alert, event, now=work.now)
                _note(work, back, alert, event, actor, note)
                self._alerting.sound(work, alert, back)

    def _take_out(self, work: Work, hold: Hold) -> None:
        for alert in open_alerts(work.settled(), hold.site, hold.device, hold.condition):
            if alert.state in ACTIVE_STATES and alert.state is not AlertState.OUT_OF_SERVICE:
                out = apply(alert, AlertEvent.TAKE_OUT, now=work.now)
                out = replace(out, held_until=hold.until)
                update_alert(work.connection, out)
                _note(work, out, alert, AlertEvent.TAKE_OUT, hold.approved_by, hold.reason)
                self._annunciator.stop(work, out)
                work.changed(out.site, "alert", out.id, out.version)

    def _replace_shelf(self, work: Work, hold: Hold) -> None:
        """Out of service says more than shelved, and takes its place."""
        other = active_hold(work.connection, hold.site, hold.device, hold.condition)
        if other is None:
            return
        if other.kind is HoldKind.SERVICE:
            raise ConflictError("it is out of service already", code="held-already")
        update_hold(
            work.connection,
            replace(other, state=HoldState.ENDED, ended_by=hold.approved_by, ended_at=work.now),
        )

    def _none_yet(self, work: Work, key: tuple[str, str, str]) -> None:
        if active_hold(work.connection, *key) is not None:
            raise ConflictError("it is shelved or out of service already", code="held-already")


def _id(work: Work, key: tuple[str, str, str]) -> str:
    """The same hold of an alarm has the same id however often it is worked out."""
    text = "|".join((*key, str(count_holds(work.connection, *key))))
    return hashlib.sha256(f"hold|{text}".encode()).hexdigest()[:32]


def _note(
    work: Work, after: Alert, before: Alert, event: AlertEvent, actor: str | None, note: str | None
) -> None:
    add_alert_step(
        work.later,
        after,
        at=work.now,
        actor=actor or SYSTEM,
        action=event.value,
        from_state=before.state,
        note=note,
    )

"""From findings to alerts to cases, inside the transaction that found them."""

import hashlib
from collections.abc import Mapping
from typing import Final

import structlog

from hub.alerts import (
    TRANSITIONS,
    Alert,
    AlertEvent,
    AlertState,
    attach_case,
    current_of,
    step,
)
from hub.cases import SYSTEM, Case, open_from_alert
from hub.config import AlarmType, Category
from hub.pipeline.case_timing import CaseTiming
from hub.pipeline.registry import Registry
from hub.pipeline.work import Work
from hub.rules import Finding
from hub.store.write.alerts import (
    add_alert_step,
    insert_alert,
    last_occurrence,
    open_alerts,
    update_alert,
)
from hub.store.write.cases import insert_case, next_number
from hub.store.write.commands import adopt_commands
from hub.store.write.evidence import Want, want

log = structlog.get_logger(__name__)

BEFORE_MS: Final = 10_000
AFTER_MS: Final = 10_000
"""What a clip shows around the beginning of its alarm."""


class Alerting:
    """Holds no alert between calls: the database alone knows how they stand."""

    def __init__(
        self,
        *,
        registry: Registry,
        alarms: Mapping[str, AlarmType],
        categories: Mapping[str, Category],
        timing: CaseTiming,
    ) -> None:
        self._registry = registry
        self._alarms = alarms
        self._categories = categories
        self._timing = timing

    def apply(self, work: Work, site: str, finding: Finding) -> None:
        """Bring the alert that a finding speaks of up to date, and its case where one is due."""
        alarm = self._alarms.get(finding.condition)
        if alarm is None:  # `read_settings` checked every rule's list; this one left its own
            log.error("alerts.condition_unknown", site=site, condition=finding.condition)
            return
        connection = work.connection
        key = (site, finding.device, finding.condition)
        current = current_of(open_alerts(connection, *key), finding)
        last = last_occurrence(connection, *key)
        after = step(current, last, finding, alarm=alarm, site=site, now=work.now)
        if after is None:
            return
        if current is None or after.id != current.id:
            self._begin(work, after, alarm)
        else:
            update_alert(connection, after)
            work.changed(site, "alert", after.id, after.version)
            if after.state is not current.state:
                _note(work, current, after)
        kind = "agent" if self._registry.agent(site, finding.device) else "device"
        work.changed(site, kind, finding.device, work.now)

    def open_case(
        self, work: Work, alert: Alert, *, actor: str, category: Category | None = None
    ) -> tuple[Alert, Case]:
        """Make the alert a case. Raises NotAllowedError when it is one already."""
        alarm = self._alarms[alert.condition]
        case, entry = open_from_alert(
            alert,
            alarm=alarm,
            category=category or self._categories[alarm.case.category],
            number=next_number(work.connection, alert.site, work.now),
            now=work.now,
            place=self._registry.place(alert.site, alert.device),
            actor=actor,
        )
        case = self._timing.started(case, work.now)
        after = attach_case(alert, case.id)
        insert_case(work.connection, case, entry)
        adopt_commands(work.connection, alert.site, alert.device, alert.at, case.id)
        work.changed(case.site, "case", case.id, case.version)
        work.changed(after.site, "alert", after.id, after.version)
        return after, case

    def _begin(self, work: Work, alert: Alert, alarm: AlarmType) -> None:
        insert_alert(work.connection, alert)
        work.changed(alert.site, "alert", alert.id, alert.version)
        event = AlertEvent.BEGIN_LATE if alert.late else AlertEvent.BEGIN
        _step(work, alert, event, None)
        if alarm.evidence and not alert.late:
            self._want_clip(work, alert)
        # What is long over needs no one on the spot: it stays on the list of alerts.
        if alarm.case.auto and not alert.late:
            after, _ = self.open_case(work, alert, actor=SYSTEM)
            update_alert(work.connection, after)

    def _want_clip(self, work: Work, alert: Alert) -> None:
        """Whoever asks the cameras finds it there, however soon the hub dies."""
        subject = self._registry.device(alert.site, alert.device)
        name = None if subject is None else subject.camera
        camera = None if name is None else self._registry.device(alert.site, name)
        if camera is None:
            return
        wanted = Want(
            id=hashlib.sha256(f"clip|{alert.site}|{alert.id}".encode()).hexdigest()[:32],
            site=alert.site,
            agent=camera.agent,
            device=camera.id,
            alert=alert.id,
            from_at=alert.at - BEFORE_MS,
            to_at=max(alert.at + AFTER_MS, work.now + AFTER_MS // 2),
        )
        want(work.connection, wanted, work.now)


def _note(work: Work, before: Alert, after: Alert) -> None:
    event = next(
        event
        for (state, event), target in TRANSITIONS.items()
        if state is before.state and target is after.state
    )
    _step(work, after, event, before.state)


def _step(work: Work, alert: Alert, event: AlertEvent, before: AlertState | None) -> None:
    add_alert_step(
        work.connection,
        alert,
        at=work.now,
        actor=SYSTEM,
        action=event.value,
        from_state=before,
        detail=dict(alert.detail),
    )

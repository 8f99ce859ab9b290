"""What time alone does to alarms.

Each timer is a row: a hub that was away does what is due, once.
"""

from typing import Final

from hub.alerts import Alert, AlertEvent, AlertState, apply
from hub.pipeline.alerting import Alerting
from hub.pipeline.annunciator import Annunciator
from hub.pipeline.history import by_hub
from hub.pipeline.holding import Holding
from hub.pipeline.work import Work
from hub.store.write.alarm_holds import overdue_holds
from hub.store.write.alarm_points import due_points
from hub.store.write.alerts import due_alerts

LIMIT: Final = 500
"""Timers of a kind that one tick serves in one transaction; the rest follow with the next."""


class AlarmTimers:
    """The alarms' part of a tick."""

    def __init__(self, *, alerting: Alerting, annunciator: Annunciator, holding: Holding) -> None:
        self._alerting = alerting
        self._annunciator = annunciator
        self._holding = holding

    def run(self, work: Work) -> None:
        """Let time pass up to `work.now`."""
        for due in due_points(work.connection, work.now, LIMIT):
            self._alerting.lapse(work, due.key, due.point)
        for hold in overdue_holds(work.connection, work.now, LIMIT):
            self._holding.end(work, hold, actor=None)
        for alert in due_alerts(work.settled(), work.now, LIMIT):
            self._alert(work, alert)
        self._annunciator.pass_time(work)

    def _alert(self, work: Work, alert: Alert) -> None:
        if alert.state is not AlertState.SUPPRESSED:
            self._annunciator.escalate(work, alert)
            return
        released = apply(alert, AlertEvent.RELEASE, now=work.now)
        by_hub(work, alert, released, AlertEvent.RELEASE, {"parent": alert.parent})
        self._alerting.sound(work, alert, released)

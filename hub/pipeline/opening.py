"""What an alert that was told brings with it: its case, and the clip that shows it."""

import hashlib
from collections.abc import Mapping
from typing import Final

from hub.alerts import Alert, attach_case
from hub.cases import SYSTEM, Case, open_from_alert
from hub.config import AlarmType, Category
from hub.pipeline.case_timing import CaseTiming
from hub.pipeline.numbers import next_number
from hub.pipeline.registry import Registry
from hub.pipeline.work import Work
from hub.store.write.cases import insert_case_later
from hub.store.write.commands import adopt_commands
from hub.store.write.evidence import Want, want

BEFORE_MS: Final = 10_000
AFTER_MS: Final = 10_000
"""What a clip shows around the beginning of its alarm."""


class Opening:
    """Holds nothing but the configuration."""

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

    def when_told(self, work: Work, alert: Alert) -> Alert:
        """The alert, with its case where its type opens one by itself; the caller stores it.

        What is long over needs no one on the spot: it stays on the list of alerts.
        """
        alarm = self._alarms[alert.condition]
        if alarm.evidence and not alert.late:
            self._want_clip(work, alert)
        if alarm.case.auto and not alert.late and alert.case is None:
            alert, _ = self.open_case(work, alert, actor=SYSTEM)
        return alert

    def open_case(
        self, work: Work, alert: Alert, *, actor: str, category: Category | None = None
    ) -> tuple[Alert, Case]:
        """Make the alert a case. Raises NotAllowedError when it is one already."""
        alarm = self._alarms[alert.condition]
        case, entry = open_from_alert(
            alert,
            alarm=alarm,
            category=category or self._categories[alarm.case.category],
            number=next_number(work, alert.site),
            now=work.now,
            place=self._registry.place(alert.site, alert.device),
            building=self._registry.building(alert.site, alert.device),
            actor=actor,
        )
        case = self._timing.started(work, case)
        after = attach_case(alert, case.id)
        insert_case_later(work.later, case, entry)
        adopt_commands(work.later, alert.site, alert.device, alert.at, case.id)
        work.changed(case.site, "case", case.id, case.version)
        work.changed(after.site, "alert", after.id, after.version)
        return after, case

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

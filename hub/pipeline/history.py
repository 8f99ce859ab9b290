"""Writes what became of an alert: its history, and the feed."""

from collections.abc import Mapping
from typing import Any

from hub.alerts import Alert, AlertEvent
from hub.cases import SYSTEM
from hub.pipeline.work import Work
from hub.store.write.alerts import add_alert_step


def by_hub(
    work: Work,
    before: Alert | None,
    after: Alert,
    event: AlertEvent,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """A step that the hub made itself, announced."""
    add_alert_step(
        work.later,
        after,
        at=work.now,
        actor=SYSTEM,
        action=event.value,
        from_state=None if before is None else before.state,
        detail=dict(after.detail if detail is None else detail),
    )
    work.changed(after.site, "alert", after.id, after.version)

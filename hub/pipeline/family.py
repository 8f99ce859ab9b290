"""What explains what: an agent that is gone, and the silence of all that lies behind it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from hub.alerts import Alert, AlertEvent, AlertState, apply
from hub.config import AlarmType, Priority
from hub.pipeline.history import by_hub
from hub.pipeline.registry import Registry
from hub.pipeline.work import Work
from hub.store.write.alerts import active_alerts, children_of, update_alert

RELEASE_MS: Final = 120_000
"""How long after its parent's end a child may take to come back by itself: the slowest kind
speaks every 90 s."""


class Family:
    """Holds nothing but the configuration."""

    def __init__(self, *, registry: Registry, alarms: Mapping[str, AlarmType]) -> None:
        self._registry = registry
        self._alarms = alarms
        self._explained: dict[str, list[str]] = {}
        for alarm in alarms.values():
            for condition in alarm.suppresses:
                self._explained.setdefault(condition, []).append(alarm.id)

    def parent_of(self, work: Work, site: str, device: str, condition: str) -> Alert | None:
        """The nearest alert that explains such a one; None for what nothing explains."""
        causes = self._explained.get(condition)
        above = self._registry.above(site, device)
        if not causes or not above or self._alarms[condition].priority is Priority.P0:
            return None
        found = active_alerts(work.settled(), site, above, causes)
        return min(found, key=lambda one: above.index(one.device), default=None)

    def began(self, work: Work, parent: Alert) -> Alert:
        """The parent with what was told before it and is explained by it; the caller stores it."""
        alarm = self._alarms[parent.condition]
        below = self._registry.below(parent.site, parent.device)
        if not alarm.suppresses or not below:
            return parent
        told = active_alerts(work.settled(), parent.site, below, alarm.suppresses)
        silenced = [
            one
            for one in told
            if one.state is AlertState.UNACKNOWLEDGED and one.priority is not Priority.P0
        ]
        for one in silenced:
            after = replace(apply(one, AlertEvent.SUPPRESS, now=work.now), parent=parent.id)
            update_alert(work.connection, after)
            by_hub(work, one, after, AlertEvent.SUPPRESS, {"parent": parent.id})
        return replace(parent, children=parent.children + len(silenced))

    def adopt(self, work: Work, parent: Alert) -> None:
        """One more alert is explained by the parent."""
        after = replace(parent, children=parent.children + 1, version=parent.version + 1)
        update_alert(work.connection, after)
        work.changed(after.site, "alert", after.id, after.version)

    def ended(self, work: Work, parent: Alert) -> None:
        """The parent is over: its children have a while to come back by themselves."""
        if not self._alarms[parent.condition].suppresses:
            return
        for one in children_of(work.settled(), parent.site, parent.id):
            update_alert(work.connection, replace(one, due_at=work.now + RELEASE_MS))

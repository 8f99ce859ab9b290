"""From findings to alerts to cases, inside the transaction that found them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import structlog
from sqlalchemy import Connection

from hub.alerts import (
    ACTIVE_STATES,
    Alert,
    AlertEvent,
    AlertState,
    Point,
    apply,
    begin_chatter,
    current_of,
    end_chatter,
    entry,
    step,
)
from hub.config import AlarmType, Priority
from hub.pipeline.annunciator import Annunciator
from hub.pipeline.darkness import Darkness
from hub.pipeline.family import Family
from hub.pipeline.history import by_hub
from hub.pipeline.modes import Modes
from hub.pipeline.opening import Opening
from hub.pipeline.registry import Registry
from hub.pipeline.work import Work
from hub.rules import Finding
from hub.store.write.alarm_holds import active_hold
from hub.store.write.alarm_points import Key, Standing, alarm_standing
from hub.store.write.alerts import insert_alert, open_alerts, update_alert
from hub.store.write.observations import insert_found
from hub.traces import result_of

log = structlog.get_logger(__name__)

REPEATS_TOLD_MS: Final = 10_000
"""How often the count of a chattering alert goes to the screens."""


class Alerting:
    """Holds no alert between calls: the database alone knows how they stand."""

    def __init__(
        self,
        *,
        registry: Registry,
        alarms: Mapping[str, AlarmType],
        annunciator: Annunciator,
        family: Family,
        opening: Opening,
        modes: Modes,
    ) -> None:
        self._modes = modes
        self._registry = registry
        self._alarms = alarms
        self._annunciator = annunciator
        self._family = family
        self._opening = opening
        self._darkness = Darkness(registry, alarms)

    def apply(self, work: Work, site: str, finding: Finding) -> None:
        """Bring the alert that a finding speaks of up to date, and its case where one is due.

        What it says of a passage is kept as one, however the alarm is held back.
        """
        result = result_of(finding)
        if result is not None:
            watched = self._registry.device(site, finding.device)
            way = None if watched is None else watched.way
            insert_found(work.connection, site, finding, result, way, work.now)
        alarm = self._alarms.get(finding.condition)
        if alarm is None:  # `read_settings` checked every rule's list; this one left its own
            log.error("alerts.condition_unknown", site=site, condition=finding.condition)
            return
        key = (site, finding.device, finding.condition)
        delayed = alarm.on_delay_s > 0 or alarm.off_delay_s > 0
        standing = _standing(work, key) if finding.active or delayed else _UNKNOWN
        found = _open(work, key) if standing.there else []
        point = standing.point
        counted: Finding | None = finding
        if delayed:
            point, counted = point.delayed(
                finding,
                there=_there(current_of(found, finding)),
                on_ms=round(alarm.on_delay_s * 1000),
                off_ms=round(alarm.off_delay_s * 1000),
                now=work.now,
            )
        if counted is not None:
            point = self._count(work, key, found, counted, replace(standing, point=point))
        if point != standing.point:
            work.points[key] = point

    def lapse(self, work: Work, key: Key, point: Point) -> None:
        """Time has passed for an alarm's point: a delay is over, or it is calm again."""
        _, device, condition = key
        after, finding = point.lapsed(device, condition, work.now)
        if condition not in self._alarms:  # no longer configured
            work.points[key] = Point()
            return
        if finding is not None:
            found = _open(work, key)
            standing = _standing(work, key) if finding.active else _UNKNOWN
            standing = replace(standing, point=after)
            after = self._count(work, key, found, finding, standing)
        if after.calm_at is not None and work.now >= after.calm_at:
            after = after.calmed()
            for one in _open(work, key):
                if one.chattering:
                    self._moved(work, one, end_chatter(one, work.now))
        work.points[key] = after

    def sound(self, work: Work, before: Alert, after: Alert) -> Alert:
        """What was silent is told now, unless something explains it; stored."""
        parent = self._family.parent_of(work, after.site, after.device, after.condition)
        if parent is not None and after.priority is not Priority.P0:
            told, after = after, apply(after, AlertEvent.SUPPRESS, now=work.now)
            after = replace(after, parent=parent.id)
            self._family.adopt(work, parent)
            by_hub(work, told, after, AlertEvent.SUPPRESS, {"parent": parent.id})
        else:
            after = replace(self._annunciator.tell(work, after), parent=None)
            after = self._opening.when_told(work, after)
        update_alert(work.connection, after)
        work.changed(after.site, "alert", after.id, after.version)
        self._subject(work, before)
        return after

    def _count(
        self, work: Work, key: Key, found: Sequence[Alert], finding: Finding, standing: Standing
    ) -> Point:
        """Apply a finding that counts; the alarm's point after it."""
        current, point = current_of(found, finding), standing.point
        each = self._alarms[finding.condition].each
        if finding.active and not (finding.late or each) and not _there(current):
            point = point.turned(finding.at, work.now)
        after = self._stepped(work, key, current, finding, standing)
        if after is None:
            return point
        if point.chatters and finding.active and not after.chattering and not after.late:
            after = begin_chatter(after, work.now)
            self._fold(work, found, after)
        if current is None or after.id != current.id:
            self._begin(work, after)
        elif after.version == current.version:
            update_alert(work.connection, after)
            return self._repeated(work, after, point) if finding.active else point
        else:
            self._moved(work, current, after)
        return point

    def _stepped(
        self,
        work: Work,
        key: Key,
        current: Alert | None,
        finding: Finding,
        standing: Standing,
    ) -> Alert | None:
        """As `hub.alerts.step`; what it takes to begin is only read when something begins."""
        alarm, site = self._alarms[finding.condition], key[0]
        if not finding.active or (current is not None and current.state in ACTIVE_STATES):
            return step(current, 0, finding, alarm=alarm, site=site, now=work.now)
        alarm = self._modes.alarm(work, site, finding.device, alarm)
        hold = active_hold(work.connection, *key) if standing.held else None
        parent = self._family.parent_of(work, *key)
        event = entry(alarm.priority, hold, parent)
        last = standing.last
        after = step(current, last, finding, alarm=alarm, site=site, now=work.now, entry=event)
        if after is None or after.late:
            return after
        if event is AlertEvent.BEGIN_SUPPRESSED and parent is not None:
            self._family.adopt(work, parent)
            return replace(after, parent=parent.id)
        return after if hold is None else replace(after, held_until=hold.until)

    def _begin(self, work: Work, alert: Alert) -> None:
        if alert.state is AlertState.UNACKNOWLEDGED or alert.late:
            alert = self._annunciator.tell(work, alert)
        else:
            alert = replace(alert, desk=self._annunciator.desk(alert, work.now))
        if alert.state in ACTIVE_STATES:
            alert = self._family.began(work, alert)
        begun = _BEGUN[alert.late, alert.state]
        if alert.state is AlertState.UNACKNOWLEDGED:
            alert = self._opening.when_told(work, alert)
        insert_alert(work.later, alert)
        work.begun.add((alert.site, alert.device, alert.condition))
        by_hub(work, None, alert, begun)
        self._subject(work, alert)
        self._around(work, alert)

    def _moved(self, work: Work, before: Alert, after: Alert) -> None:
        """A known alert has changed so that people can see it."""
        came_back = after.state is not before.state and after.state is AlertState.UNACKNOWLEDGED
        if came_back:
            after = self._annunciator.tell(work, after)
        if before.state in ACTIVE_STATES and after.state not in ACTIVE_STATES:
            self._family.ended(work, after)
        elif came_back:
            after = self._family.began(work, after)
        update_alert(work.connection, after)
        work.changed(after.site, "alert", after.id, after.version)
        if after.state is not before.state:
            by_hub(work, before, after, _MOVED[before.state, after.state])
        self._subject(work, after)
        self._around(work, after)

    def _around(self, work: Work, changed: Alert) -> None:
        """The building may have gone dark with it, or be heard of again."""
        finding = self._darkness.after(work, changed)
        if finding is not None:
            self.apply(work, changed.site, finding)

    def _repeated(self, work: Work, alert: Alert, point: Point) -> Point:
        """A chattering alert came once more: counted, seldom told."""
        if point.told_at is not None and work.now - point.told_at < REPEATS_TOLD_MS:
            return point
        work.changed(alert.site, "alert", alert.id, alert.version)
        return replace(point, told_at=work.now)

    def _fold(self, work: Work, found: Sequence[Alert], into: Alert) -> None:
        """What is over and unseen of the same alarm becomes one with its chattering alert."""
        for one in found:
            unseen = one.state is AlertState.RETURNED_UNACKNOWLEDGED and not one.late
            if unseen and one.id != into.id:
                after = apply(one, AlertEvent.FOLD, now=work.now)
                update_alert(work.connection, after)
                by_hub(work, one, after, AlertEvent.FOLD, {"into": into.id})
                self._annunciator.stop(work, after)

    def _subject(self, work: Work, alert: Alert) -> None:
        kind = "agent" if self._registry.agent(alert.site, alert.device) else "device"
        work.changed(alert.site, kind, alert.device, work.now)


_UNKNOWN: Final = Standing(Point(), 0, there=True, held=False)
"""Of a finding that ends something, how its alarm stood before does not matter."""


def _standing(work: Work, key: Key) -> Standing:
    """How the alarm stands; the present transaction may know its point better than the store."""
    standing = alarm_standing(_knowing(work, key), key)
    known = work.points.get(key)
    return standing if known is None else replace(standing, point=known)


def _open(work: Work, key: Key) -> list[Alert]:
    return open_alerts(_knowing(work, key), *key)


def _knowing(work: Work, key: Key) -> Connection:
    """The connection, once the store knows of this alarm what the transaction does."""
    return work.settled() if key in work.begun else work.connection


def _there(alert: Alert | None) -> bool:
    """The condition stands already: one more finding of it is no new beginning."""
    return alert is not None and alert.state in ACTIVE_STATES and alert.returned_at is None


_BEGUN: Final = {
    (True, AlertState.RETURNED_UNACKNOWLEDGED): AlertEvent.BEGIN_LATE,
    (False, AlertState.UNACKNOWLEDGED): AlertEvent.BEGIN,
    (False, AlertState.SHELVED): AlertEvent.BEGIN_SHELVED,
    (False, AlertState.SUPPRESSED): AlertEvent.BEGIN_SUPPRESSED,
    (False, AlertState.OUT_OF_SERVICE): AlertEvent.BEGIN_OUT_OF_SERVICE,
}

_MOVED: Final = {
    (AlertState.UNACKNOWLEDGED, AlertState.RETURNED_UNACKNOWLEDGED): AlertEvent.RETURN,
    (AlertState.ACKNOWLEDGED, AlertState.NORMAL): AlertEvent.RETURN,
    (AlertState.ACKNOWLEDGED, AlertState.LATCHED): AlertEvent.RETURN_LATCHING,
    (AlertState.SHELVED, AlertState.NORMAL): AlertEvent.RETURN,
    (AlertState.SUPPRESSED, AlertState.NORMAL): AlertEvent.RETURN,
    (AlertState.OUT_OF_SERVICE, AlertState.NORMAL): AlertEvent.RETURN,
    (AlertState.RETURNED_UNACKNOWLEDGED, AlertState.UNACKNOWLEDGED): AlertEvent.RESUME,
    (AlertState.LATCHED, AlertState.UNACKNOWLEDGED): AlertEvent.RESUME,
}
"""How findings move an alert, for its history."""

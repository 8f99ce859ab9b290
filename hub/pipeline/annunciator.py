"""Brings alerts to the desk on duty: how, how often, and to whom next."""

from dataclasses import replace

from hub.alerts import Alert, Annunciation, annunciate, next_page, waits
from hub.alerts.escalation import wait_ms
from hub.cases import SYSTEM
from hub.config import Priority
from hub.config.org import Org
from hub.pipeline.paging import Paging
from hub.pipeline.registry import Registry
from hub.pipeline.work import Work
from hub.store.write.alerts import add_alert_step, update_alert
from hub.store.write.annunciations import (
    begin_flood,
    end_floods,
    note_annunciation,
    traffic,
)

AGAIN_MS = 60_000
"""What comes back sooner than this after it was told is not told again."""

ESCALATE = "escalate"


class Annunciator:
    """Holds nothing between calls: the store alone knows what was told."""

    def __init__(self, *, org: Org, registry: Registry, paging: Paging) -> None:
        self._org = org
        self._registry = registry
        self._paging = paging

    def tell(self, work: Work, alert: Alert) -> Alert:
        """The alert as told to its desk; the caller stores it."""
        now = work.now
        if alert.annunciated_at is not None and now - alert.annunciated_at < AGAIN_MS:
            return replace(alert, due_at=_due(alert, now))
        desk = self.desk(alert, now)
        if alert.late or alert.priority is Priority.P3:
            return replace(alert, desk=desk, annunciation=Annunciation.SILENT)
        before = work.traffic.get(desk) or traffic(work.settled(), desk, now)
        how = annunciate(alert.priority, before, now)
        again = alert.annunciated_at is not None
        told = replace(
            alert,
            desk=desk,
            annunciation=how,
            annunciated_at=alert.annunciated_at if how is Annunciation.GROUPED else now,
            due_at=_due(alert, now),
        )
        note_annunciation(work.later, told, how=how, again=again, now=now)
        floods = before.floods(now)
        work.traffic[desk] = before.and_one(now, alert.priority, how, again=again)
        if floods is not before.flood:
            self._flood(work, desk, began=before.flood, floods=floods)
        if how is not Annunciation.ALONE:
            work.grouped[desk] += 1
        return told

    def escalate(self, work: Work, alert: Alert) -> None:
        """Ask the next person to an alert that is due; its state is the store's, at this moment."""
        if not waits(alert):
            update_alert(work.connection, replace(alert, due_at=None))
            return
        now = work.now
        desk = self._org.desk_of(alert.site, self._registry.building(alert.site, alert.device), now)
        ladder = self._org.ladder(desk, now)
        page = next_page(alert, ladder, now)
        after = replace(
            alert,
            desk=desk.id,
            escalation=page.step,
            annunciation=Annunciation.ALONE,
            annunciated_at=now,
            due_at=now + wait_ms(page.step, len(ladder)),
            version=alert.version + 1,
        )
        update_alert(work.connection, after)
        note_annunciation(work.later, after, how=Annunciation.ALONE, again=True, now=now)
        work.traffic.pop(desk.id, None)
        self._paging.page(work, page)
        detail = {
            "step": page.step,
            "post": None if page.post is None else page.post.id,
            "name": None if page.post is None else page.post.name.model_dump(),
            "channels": list(page.channels),
        }
        add_alert_step(
            work.later,
            after,
            at=now,
            actor=SYSTEM,
            action=ESCALATE,
            from_state=alert.state,
            detail=detail,
        )
        work.changed(after.site, "alert", after.id, after.version)

    def stop(self, work: Work, alert: Alert) -> None:
        """Nobody else is called to the alert."""
        if alert.escalation:
            self._paging.stop(work, alert)

    def pass_time(self, work: Work) -> None:
        """End the floods that are over."""
        end_floods(work.settled(), work.now)
        work.traffic.clear()

    def desk(self, alert: Alert, now: int) -> str:
        """Whose alarm it is now."""
        building = self._registry.building(alert.site, alert.device)
        return self._org.desk_of(alert.site, building, now).id

    def _flood(self, work: Work, desk: str, *, began: bool, floods: bool) -> None:
        work.traffic.pop(desk, None)
        if floods and not began:
            begin_flood(work.settled(), desk, work.now)
        elif began and not floods:
            end_floods(work.settled(), work.now)


def _due(alert: Alert, now: int) -> int | None:
    if not waits(alert):
        return None
    return alert.due_at or now + wait_ms(0, 1)

"""Looks at access traces, on record and counted in the transaction that lets them be answered."""

from typing import Final

from hub.access.looking import MARK_DIGITS, OverQuotaError, Tally
from hub.pipeline.acts import NoteLook
from hub.pipeline.alerting import Alerting
from hub.pipeline.work import Work
from hub.rules import Finding
from hub.store.people.looks import add_looked, asked_for, tally
from hub.store.people.trail import add_entry
from wire.topics import HUB

OVER_QUOTA: Final = "looks-over-quota"


class Looking:
    """Holds nothing: what was looked at today stands in the database."""

    def __init__(self, alerting: Alerting) -> None:
        self._alerting = alerting

    def run_act(self, work: Work, act: NoteLook) -> str:
        """Put a look on record; the id of the trail's entry.

        Raises OverQuotaError, and then nothing has been looked at. The first look beyond the
        quota goes on, and raises an alarm.
        """
        look, connection = act.look, work.connection
        person = None if act.person is None else act.person[:MARK_DIGITS]
        before = tally(connection, look.actor, act.day)
        new = person is not None and not asked_for(connection, look.actor, act.day, person)
        count = before.and_one(new=new)
        if count.refused(act.quota):
            raise OverQuotaError
        audit_id = add_entry(connection, act.told)
        add_looked(
            connection,
            audit_id=audit_id,
            site=look.site,
            actor=look.actor,
            at=act.told.at,
            person=person,
            subjects=act.subjects,
        )
        if count.over(act.quota) and not before.over(act.quota):
            self._alarm(work, act, count)
        return str(audit_id)

    def _alarm(self, work: Work, act: NoteLook, count: Tally) -> None:
        """Over as soon as it has begun: it stays until somebody has seen to it."""
        detail = {
            "actor": act.look.actor,
            "people": count.people,
            "people_limit": act.quota.people,
            "pages": count.pages,
            "pages_limit": act.quota.pages,
        }
        for active in (True, False):
            finding = Finding(OVER_QUOTA, HUB, active=active, at=work.now, detail=detail)
            self._alerting.apply(work, act.look.site, finding)

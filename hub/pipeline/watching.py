"""Watches for what is on the watchlist, in the transaction that stores a passage."""

import secrets
from collections.abc import Iterable
from typing import Final, NamedTuple

from hub.errors import NotFoundError
from hub.pipeline.acts import AskWatch, DecideWatch, EndWatch
from hub.pipeline.alerting import Alerting
from hub.pipeline.intake import Taken
from hub.pipeline.registry import Watched
from hub.pipeline.work import Work
from hub.rules import Finding
from hub.store.write.counters import Count
from hub.store.write.watch import (
    Hit,
    active_watch,
    add_hit,
    add_watch,
    find_watch,
    update_watch,
)
from hub.traces.watch import Sort, WatchEntry, WatchState, check_end, decided, ended
from wire.kinds import Kind

HIT: Final = "watchlist-hit"
LISTED: Final = "listed"
"""The signal by which a device says whom of its own list it has seen."""


class _Known(NamedTuple):
    entry: str
    listed: bool
    until: int


class Watching:
    """Who is watched for is remembered between transactions; `forget` after one was rolled back."""

    def __init__(self, alerting: Alerting) -> None:
        self._alerting = alerting
        self._known: dict[tuple[str, str], list[_Known]] | None = None

    def forget(self) -> None:
        """Read the list anew before it is used next."""
        self._known = None

    def run_act(self, work: Work, act: AskWatch | DecideWatch | EndWatch) -> str:
        """What a person does to the list; the entry's id."""
        self.forget()
        if isinstance(act, AskWatch):
            return self._ask(work, act)
        entry = find_watch(work.connection, act.site, act.entry)
        if entry is None:
            raise NotFoundError("entry", act.entry)
        if isinstance(act, DecideWatch):
            after = decided(
                entry, approve=act.approve, actor=act.actor, note=act.note, now=work.now
            )
        else:
            after = ended(entry, actor=act.actor, note=act.note, now=work.now)
        update_watch(work.connection, after)
        return entry.id

    def seen(
        self,
        work: Work,
        device: Watched,
        kind: Kind,
        taken: Iterable[Taken],
        stream: tuple[int, int],
    ) -> None:
        """Compare what a device reported. stream: its id, and the message's number in it."""
        known = self._list(work)
        for one in taken:
            signals = one.reading.signals
            listed = signals.get(LISTED)
            found = [
                entry.entry
                for subject in (signals.get(kind.subject), listed)
                for entry in known.get((device.site, str(subject)), ())
                if entry.listed is (subject is listed) and one.reading.at < entry.until
            ]
            if listed is not None and not found:
                work.count(device.site, Count.LISTED_UNKNOWN)
            if found:
                self._hit(work, device, one, found, (*stream, one.idx))

    def _hit(
        self,
        work: Work,
        device: Watched,
        one: Taken,
        entries: list[str],
        place: tuple[int, int, int],
    ) -> None:
        """An alarm, over as soon as it began: it stays until somebody has seen to it."""
        at, received_at = one.reading.at, one.reading.received
        hits = [Hit(name, place, device.site, device.id, at, received_at) for name in entries]
        fresh = [hit.entry for hit in hits if add_hit(work.connection, hit)]
        if not fresh:
            return
        for active in (True, False):
            finding = Finding(
                HIT,
                device.id,
                active=active,
                at=min(at, received_at),
                detail={"entries": fresh},
                late=one.reading.late,
            )
            self._alerting.apply(work, device.site, finding)

    def _ask(self, work: Work, act: AskWatch) -> str:
        check_end(act.until, work.now)
        entry = WatchEntry(
            id=secrets.token_hex(16),
            site=act.site,
            sort=act.sort,
            subject=act.subject,
            sealed=act.sealed,
            masked=act.masked,
            reason=act.reason,
            case_id=act.case,
            requester=act.actor,
            asked_at=work.now,
            state=WatchState.REQUESTED,
            until=act.until,
        )
        add_watch(work.connection, entry)
        return entry.id

    def _list(self, work: Work) -> dict[tuple[str, str], list[_Known]]:
        if self._known is None:
            known: dict[tuple[str, str], list[_Known]] = {}
            for one in active_watch(work.connection):
                entry = _Known(one.id, one.sort is Sort.LISTED, one.until)
                known.setdefault((one.site, one.subject), []).append(entry)
            self._known = known
        return self._known

"""Alarm management as answers."""

from sqlalchemy import Connection

from hub.access.authorise import Thing, may
from hub.access.permissions import Permission
from hub.access.roles import Actor
from hub.alerts import (
    HOLD_TRANSITIONS,
    WAITING_STATES,
    AllowedAction,
    HoldEvent,
    HoldKind,
    HoldState,
    Need,
    hold_refused,
)
from hub.alerts import Hold as HoldValue
from hub.alerts.kpi import ACCEPTABLE, FLOOD_SHARE, MANAGEABLE, STALE_MS, flood_ms, per_window
from hub.api.directory import Directory
from hub.api.models.alarms import (
    AlarmFigures,
    Desk,
    DeskFigures,
    Handed,
    Handover,
    Hold,
    OnDuty,
    Source,
)
from hub.api.models.base import Page
from hub.api.present.actions import offered
from hub.api.present.alert import condition_of, show_alert
from hub.config import Priority
from hub.errors import NotFoundError
from hub.store.reads import alarms as reads
from hub.store.reads.alerts import open_alerts
from hub.store.reads.page import Record
from wire import Text

_NAMES = {
    HoldEvent.APPROVE: Text(zh="批准", en="Approve"),
    HoldEvent.REFUSE: Text(zh="不批准", en="Refuse"),
    HoldEvent.END: Text(zh="结束", en="End now"),
}
_WITHDRAW = Text(zh="撤回", en="Withdraw")


def show_hold(row: Record, directory: Directory, actor: Actor, now: int) -> Hold:
    """A hold as `actor` sees it."""
    value = HoldValue(**{**row, "kind": HoldKind(row["kind"]), "state": HoldState(row["state"])})
    name, place = directory.subject(value.site, value.device)
    condition = condition_of(directory, value.condition)
    permitted = may(actor, Permission.ALERT_ACT, Thing(value.site))
    return Hold(
        **dict(row),
        device_name=name,
        place=place,
        condition_name=condition.name,
        priority=condition.priority,
        actions=offered(_offers(value, actor, now), permitted=permitted),
    )


def hold_page(
    reader: Connection,
    directory: Directory,
    actor: Actor,
    *,
    site: str,
    state: str,
    limit: int,
    before: str | None,
    now: int,
) -> Page[Hold]:
    """A page of holds."""
    found = reads.hold_rows(reader, site, state=state, limit=limit, before=before)
    items = [show_hold(row, directory, actor, now) for row in found.records]
    return Page(items=items, next=found.next)


def one_hold(
    reader: Connection, directory: Directory, actor: Actor, *, site: str, hold: str, now: int
) -> Hold:
    """One hold. Raises NotFoundError."""
    row = reads.one_hold(reader, site, hold)
    if row is None:
        raise NotFoundError("hold", hold)
    return show_hold(row, directory, actor, now)


def figures(
    reader: Connection, directory: Directory, actor: Actor, *, span: reads.Span, now: int
) -> AlarmFigures:
    """The figures of a site's alarms over a time."""
    told = reads.told_by_priority(reader, span)
    total = sum(row["alarms"] for row in told)
    return AlarmFigures(
        since=span.since,
        until=span.until,
        acceptable_per_10_min=ACCEPTABLE,
        manageable_per_10_min=MANAGEABLE,
        acceptable_flood_share=FLOOD_SHARE,
        alarms=total,
        by_priority=_split(told),
        desks=_desks(reader, directory, span, told, now),
        top=[_source(row, directory, span.site, total) for row in reads.top_sources(reader, span)],
        stale=[
            show_alert(row, directory, actor)
            for row in reads.stale_alerts(reader, span.site, now - STALE_MS)
        ],
        chattering=[
            show_alert(row, directory, actor) for row in reads.chattering_alerts(reader, span.site)
        ],
        holds=_open_holds(reader, directory, actor, span.site, now),
        passed_on=reads.passed_on(reader, span),
    )


def handover(
    reader: Connection, directory: Directory, actor: Actor, *, site: str, now: int
) -> Handover:
    """The shift's note as it stands now."""
    notes = reads.last_notes(reader, site)
    alarms = []
    for row in open_alerts(reader, site):
        note = notes.get(row["id"])
        alarms.append(
            Handed(
                alert=show_alert(row, directory, actor),
                note=None if note is None else note["note"],
                noted_by=None if note is None else note["actor"],
                noted_at=None if note is None else note["at"],
            )
        )
    return Handover(
        at=now,
        desks=[_desk(directory, name, now) for name in directory.desks_of(site)],
        waiting=sum(one.alert.state in WAITING_STATES for one in alarms),
        alarms=alarms,
        holds=_open_holds(reader, directory, actor, site, now),
    )


def _open_holds(
    reader: Connection, directory: Directory, actor: Actor, site: str, now: int
) -> list[Hold]:
    found = reads.hold_rows(reader, site, state="open", limit=reads.LISTED, before=None)
    return [show_hold(row, directory, actor, now) for row in found.records]


def _offers(hold: HoldValue, actor: Actor, now: int) -> list[AllowedAction]:
    offers = []
    for state, event in HOLD_TRANSITIONS:
        if state is hold.state:
            why = hold_refused(hold, event, actor=actor.name, role=actor.role, now=now)
            waits = state is HoldState.REQUESTED and event is HoldEvent.END
            if waits and why is not None:
                continue
            name = _WITHDRAW if waits else _NAMES[event]
            asks = (Need.NOTE,) if event is HoldEvent.REFUSE else ()
            offers.append(AllowedAction(event.value, name, why is None, why, needs=asks))
    return offers


def _desks(
    reader: Connection, directory: Directory, span: reads.Span, told: list[Record], now: int
) -> list[DeskFigures]:
    busiest = reads.busiest(reader, span)
    floods = reads.floods(reader, span.since, span.until)
    names = dict.fromkeys([*directory.desks_of(span.site), *(row["desk"] for row in told)])
    shown = []
    for name in names:
        own = [row for row in told if row["desk"] == name]
        spells = [(row["began_at"], row["ended_at"]) for row in floods if row["desk"] == name]
        flooded = flood_ms(spells, span.since, span.until)
        alarms = sum(row["alarms"] for row in own)
        shown.append(
            DeskFigures(
                desk=_desk(directory, name, now),
                alarms=alarms,
                sounds=sum(row["sounds"] for row in own),
                per_10_min=round(per_window(alarms, span.since, span.until), 3),
                busiest_10_min=busiest.get(name, 0),
                in_flood_ms=flooded,
                in_flood_share=round(flooded / max(span.until - span.since, 1), 5),
                floods=len(spells),
                in_flood_now=any(ended is None for _, ended in spells),
                by_priority=_split(own),
            )
        )
    return shown


def _desk(directory: Directory, name: str, now: int) -> Desk:
    org = directory.org
    desk = org.desk(name)
    if desk is None:  # it has left the configuration since
        return Desk(id=name, name=Text.plain(name), shift=None, on_duty=[])
    shift = org.shift(desk, now)
    return Desk(
        id=desk.id,
        name=desk.name,
        shift=None if shift is None else shift.name,
        on_duty=[OnDuty(id=post.id, name=post.name) for post in org.on_duty(desk, now)],
    )


def _source(row: Record, directory: Directory, site: str, total: int) -> Source:
    name, _ = directory.subject(site, row["device"])
    return Source(
        device=row["device"],
        device_name=name,
        condition=row["condition"],
        condition_name=condition_of(directory, row["condition"]).name,
        alarms=row["alarms"],
        share=round(row["alarms"] / total, 4),
    )


def _split(told: list[Record]) -> dict[Priority, int]:
    return {
        priority: sum(row["alarms"] for row in told if row["priority"] == priority.value)
        for priority in Priority
    }

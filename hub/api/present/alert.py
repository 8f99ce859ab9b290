"""Alerts as answers."""

from sqlalchemy import Connection

from hub.access.authorise import Thing, may
from hub.access.permissions import Permission
from hub.access.roles import Actor
from hub.alerts import STATE_NAMES, allowed
from hub.api.directory import Directory
from hub.api.models.alert import Alert, AlertStep, AlertWithHistory
from hub.api.models.base import Page
from hub.api.models.catalogue import ConditionInfo
from hub.api.present.actions import offered
from hub.api.present.step import show_step
from hub.config import Priority
from hub.errors import NotFoundError
from hub.store.reads import alerts as reads
from hub.store.reads.page import Record
from hub.store.write.alerts import alert_from
from wire import Text


def show_alert(row: Record, directory: Directory, actor: Actor) -> Alert:
    """An alert as `actor` sees it."""
    value = alert_from(row)
    name, place = directory.subject(value.site, value.device)
    condition = condition_of(directory, value.condition)
    permitted = may(actor, Permission.ALERT_ACT, Thing(value.site))
    return Alert(
        id=value.id,
        site=value.site,
        device=value.device,
        device_name=name,
        place=place,
        condition=value.condition,
        condition_name=condition.name,
        priority=value.priority,
        state=value.state,
        state_name=STATE_NAMES[value.state],
        at=value.at,
        received_at=value.received_at,
        acknowledged_at=value.acknowledged_at,
        acknowledged_by=value.acknowledged_by,
        returned_at=value.returned_at,
        closed_at=value.closed_at,
        late=value.late,
        occurrence=value.occurrence,
        detail=dict(value.detail),
        response=condition.response,
        respond_s=condition.respond_s,
        owner=condition.owner,
        latching=value.latching,
        desk=value.desk,
        annunciation=value.annunciation,
        annunciated_at=value.annunciated_at,
        chattering=value.chattering,
        repeats=value.repeats,
        parent=value.parent,
        children=value.children,
        held_until=value.held_until,
        escalation=value.escalation,
        case=value.case,
        version=value.version,
        actions=offered(allowed(value, actor.role), permitted=permitted),
    )


def alert_page(
    reader: Connection, directory: Directory, actor: Actor, *, site: str, query: reads.AlertQuery
) -> Page[Alert]:
    """A page of alerts."""
    found = reads.alert_rows(reader, site, query)
    return Page(items=[show_alert(row, directory, actor) for row in found.records], next=found.next)


def alert_with_history(
    reader: Connection, directory: Directory, actor: Actor, *, site: str, alert: str
) -> AlertWithHistory:
    """One alert with its steps. Raises NotFoundError."""
    row = reads.one_alert(reader, site, alert)
    if row is None:
        raise NotFoundError("alert", alert)
    steps = [show_step(AlertStep, step) for step in reads.alert_steps(reader, alert)]
    return AlertWithHistory(**dict(show_alert(row, directory, actor)), history=steps)


def condition_of(directory: Directory, name: str) -> ConditionInfo:
    """The alarm type; one that is no longer configured is called by its id."""
    known = directory.conditions.get(name)
    if known is not None:
        return known
    return ConditionInfo(
        id=name,
        name=Text.plain(name),
        priority=Priority.P3,
        response=Text(zh="", en=""),
        owner=None,
        respond_s=None,
        latching=False,
        on_delay_s=0,
        off_delay_s=0,
        dead_band=0,
        suppresses=[],
    )

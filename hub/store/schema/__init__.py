"""The database's tables (SQLAlchemy Core), one schema for SQLite and PostgreSQL."""

from hub.store.schema.alarms import alarm_hold, alarm_point, annunciation, flood
from hub.store.schema.base import metadata
from hub.store.schema.bulletins import bulletin
from hub.store.schema.cases import case_link, case_view
from hub.store.schema.domain import (
    alert,
    alert_history,
    case_,
    case_history,
    case_number,
    change,
    command,
    command_history,
    rule_state,
    tick_log,
)
from hub.store.schema.evidence import evidence
from hub.store.schema.exports import export
from hub.store.schema.households import (
    credential,
    erasure,
    household,
    household_revision,
    person,
    person_tag,
)
from hub.store.schema.intake import (
    agent,
    dead_letter,
    device_health,
    meta,
    observation,
    passage,
    site_counter,
    source_record,
    stream,
)
from hub.store.schema.legal_holds import hold_span, legal_hold
from hub.store.schema.links import accept_link
from hub.store.schema.looks import look, looked, looked_at
from hub.store.schema.modes import mode_switch
from hub.store.schema.notices import notification
from hub.store.schema.patrols import patrol_plan, patrol_round
from hub.store.schema.people import (
    api_token,
    audit,
    audit_anchor,
    second_factor,
    session,
    user,
)
from hub.store.schema.reports import machine, report, report_key
from hub.store.schema.traces import passer, plate_form
from hub.store.schema.watch import watch_entry, watch_hit

__all__ = [
    "accept_link",
    "agent",
    "alarm_hold",
    "alarm_point",
    "alert",
    "alert_history",
    "annunciation",
    "api_token",
    "audit",
    "audit_anchor",
    "bulletin",
    "case_",
    "case_history",
    "case_link",
    "case_number",
    "case_view",
    "change",
    "command",
    "command_history",
    "credential",
    "dead_letter",
    "device_health",
    "erasure",
    "evidence",
    "export",
    "flood",
    "hold_span",
    "household",
    "household_revision",
    "legal_hold",
    "look",
    "looked",
    "looked_at",
    "machine",
    "meta",
    "metadata",
    "mode_switch",
    "notification",
    "observation",
    "passage",
    "passer",
    "patrol_plan",
    "patrol_round",
    "person",
    "person_tag",
    "plate_form",
    "report",
    "report_key",
    "rule_state",
    "second_factor",
    "session",
    "site_counter",
    "source_record",
    "stream",
    "tick_log",
    "user",
    "watch_entry",
    "watch_hit",
]

"""Alerts: their life cycle, and what findings, people and time do to them."""

from hub.alerts.action import AllowedAction, Need
from hub.alerts.annunciation import Traffic, annunciate, flood_over_at
from hub.alerts.entry import entry
from hub.alerts.escalation import Page, next_page, waits
from hub.alerts.holds import (
    HOLD_TRANSITIONS,
    OPEN_HOLDS,
    Hold,
    HoldEvent,
    HoldKind,
    HoldState,
    hold_refused,
    service,
    shelf,
    shelving_refused,
    step_hold,
)
from hub.alerts.life import (
    apply,
    attach_case,
    begin_chatter,
    current_of,
    end_chatter,
    step,
)
from hub.alerts.model import (
    ACTIVE_STATES,
    OPEN_STATES,
    WAITING_STATES,
    Alert,
    AlertState,
    Annunciation,
    alert_id,
)
from hub.alerts.offers import allowed
from hub.alerts.point import Pending, Point
from hub.alerts.table import NEVER_LIFE_SAFETY, STATE_NAMES, TRANSITIONS, AlertEvent

__all__ = [
    "ACTIVE_STATES",
    "HOLD_TRANSITIONS",
    "NEVER_LIFE_SAFETY",
    "OPEN_HOLDS",
    "OPEN_STATES",
    "STATE_NAMES",
    "TRANSITIONS",
    "WAITING_STATES",
    "Alert",
    "AlertEvent",
    "AlertState",
    "AllowedAction",
    "Annunciation",
    "Hold",
    "HoldEvent",
    "HoldKind",
    "HoldState",
    "Need",
    "Page",
    "Pending",
    "Point",
    "Traffic",
    "alert_id",
    "allowed",
    "annunciate",
    "apply",
    "attach_case",
    "begin_chatter",
    "current_of",
    "end_chatter",
    "entry",
    "flood_over_at",
    "hold_refused",
    "next_page",
    "service",
    "shelf",
    "shelving_refused",
    "step",
    "step_hold",
    "waits",
]

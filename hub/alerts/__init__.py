"""Alerts: their life cycle, and what findings and people do to them."""

from hub.alerts.action import AllowedAction, Need
from hub.alerts.life import allowed, apply, attach_case, current_of, step
from hub.alerts.model import ACTIVE_STATES, OPEN_STATES, Alert, AlertState, alert_id
from hub.alerts.table import STATE_NAMES, TRANSITIONS, AlertEvent

__all__ = [
    "ACTIVE_STATES",
    "OPEN_STATES",
    "STATE_NAMES",
    "TRANSITIONS",
    "Alert",
    "AlertEvent",
    "AlertState",
    "AllowedAction",
    "Need",
    "alert_id",
    "allowed",
    "apply",
    "attach_case",
    "current_of",
    "step",
]

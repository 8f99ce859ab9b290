"""How an alert begins: told, or silent because somebody or something else answers for it."""

from hub.alerts.holds import Hold, HoldKind
from hub.alerts.model import Alert
from hub.alerts.table import AlertEvent
from hub.config import Priority


def entry(priority: Priority, hold: Hold | None, parent: Alert | None) -> AlertEvent:
    """The event that an alert begins with.

    hold: the active one of its (site, device, condition). parent: the alert that explains it.
    A P0 is silent only while it is out of service, which two people have answered for.
    """
    if hold is not None and hold.kind is HoldKind.SERVICE:
        return AlertEvent.BEGIN_OUT_OF_SERVICE
    if priority is Priority.P0:
        return AlertEvent.BEGIN
    if hold is not None:
        return AlertEvent.BEGIN_SHELVED
    return AlertEvent.BEGIN if parent is None else AlertEvent.BEGIN_SUPPRESSED

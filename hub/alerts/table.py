"""The life cycle of an alert (ISA-18.2-2016, 5.4; IEC 62682) as one table.

A key that is not in the table is refused. Latched, shelved, suppressed and out-of-service alerts
will be further states here; until something can enter them they have no entry.
"""

from enum import StrEnum

from hub.alerts.model import AlertState
from wire import Text


class AlertEvent(StrEnum):
    """What can happen to an alert."""

    BEGIN = "begin"  # the condition was found
    BEGIN_LATE = "begin-late"  # it was found in data too old to act on
    RETURN = "return"  # the condition ended
    RESUME = "resume"  # it came back within the type's session
    ACKNOWLEDGE = "acknowledge"  # a person has seen it


TRANSITIONS: dict[tuple[AlertState | None, AlertEvent], AlertState] = {
    (None, AlertEvent.BEGIN): AlertState.UNACKNOWLEDGED,
    # Nobody can act on what is long over, so it starts where a missed alert would have ended up:
    # silent, but on the list until someone has looked.
    (None, AlertEvent.BEGIN_LATE): AlertState.RETURNED_UNACKNOWLEDGED,
    (AlertState.UNACKNOWLEDGED, AlertEvent.ACKNOWLEDGE): AlertState.ACKNOWLEDGED,
    (AlertState.UNACKNOWLEDGED, AlertEvent.RETURN): AlertState.RETURNED_UNACKNOWLEDGED,
    (AlertState.ACKNOWLEDGED, AlertEvent.RETURN): AlertState.NORMAL,
    (AlertState.RETURNED_UNACKNOWLEDGED, AlertEvent.RESUME): AlertState.UNACKNOWLEDGED,
    (AlertState.RETURNED_UNACKNOWLEDGED, AlertEvent.ACKNOWLEDGE): AlertState.NORMAL,
}

STATE_NAMES: dict[AlertState, Text] = {
    AlertState.UNACKNOWLEDGED: Text(zh="未确认", en="Unacknowledged"),
    AlertState.ACKNOWLEDGED: Text(zh="已确认", en="Acknowledged"),
    AlertState.RETURNED_UNACKNOWLEDGED: Text(zh="已恢复未确认", en="Over, not acknowledged"),
    AlertState.NORMAL: Text(zh="已关闭", en="Closed"),
}

"""The life cycle of an alert (ISA-18.2-2016, 5.4; IEC 62682) as one table.

A key that is not in the table is refused. What is shelved, suppressed or out of service is there
all the same: it is on the list, it ends when its condition ends, and when the reason to be silent
ends first it is brought to people as if it had just begun.
"""

from enum import StrEnum

from hub.alerts.model import AlertState
from wire import Text


class AlertEvent(StrEnum):
    """What can happen to an alert."""

    BEGIN = "begin"  # the condition was found
    BEGIN_LATE = "begin-late"  # it was found in data too old to act on
    BEGIN_SHELVED = "begin-shelved"  # ... while a person has put this alarm aside
    BEGIN_SUPPRESSED = "begin-suppressed"  # ... and what explains it is told already
    BEGIN_OUT_OF_SERVICE = "begin-out-of-service"  # ... while its device is being worked on
    RETURN = "return"  # the condition ended
    RETURN_LATCHING = "return-latching"  # it ended, and its type wants a reset
    RESUME = "resume"  # it came back within the type's session, or before the reset
    ACKNOWLEDGE = "acknowledge"  # a person has seen it
    ACKNOWLEDGE_LATCHING = "acknowledge-latching"  # ... and its type wants a reset
    RESET = "reset"  # a person has been there
    FOLD = "fold"  # it became one with the chattering alert after it
    SHELVE = "shelve"
    UNSHELVE = "unshelve"
    SUPPRESS = "suppress"  # what explains it was found after it
    RELEASE = "release"  # what explained it is over, and it is still there
    TAKE_OUT = "take-out"
    PUT_BACK = "put-back"


_S, _E = AlertState, AlertEvent

TRANSITIONS: dict[tuple[AlertState | None, AlertEvent], AlertState] = {
    (None, _E.BEGIN): _S.UNACKNOWLEDGED,
    # Nobody can act on what is long over, so it starts where a missed alert would have ended up:
    # silent, but on the list until someone has looked.
    (None, _E.BEGIN_LATE): _S.RETURNED_UNACKNOWLEDGED,
    (None, _E.BEGIN_SHELVED): _S.SHELVED,
    (None, _E.BEGIN_SUPPRESSED): _S.SUPPRESSED,
    (None, _E.BEGIN_OUT_OF_SERVICE): _S.OUT_OF_SERVICE,
    (_S.UNACKNOWLEDGED, _E.ACKNOWLEDGE): _S.ACKNOWLEDGED,
    (_S.UNACKNOWLEDGED, _E.RETURN): _S.RETURNED_UNACKNOWLEDGED,
    (_S.ACKNOWLEDGED, _E.RETURN): _S.NORMAL,
    (_S.ACKNOWLEDGED, _E.RETURN_LATCHING): _S.LATCHED,
    (_S.RETURNED_UNACKNOWLEDGED, _E.RESUME): _S.UNACKNOWLEDGED,
    (_S.RETURNED_UNACKNOWLEDGED, _E.ACKNOWLEDGE): _S.NORMAL,
    (_S.RETURNED_UNACKNOWLEDGED, _E.ACKNOWLEDGE_LATCHING): _S.LATCHED,
    (_S.RETURNED_UNACKNOWLEDGED, _E.FOLD): _S.NORMAL,
    (_S.LATCHED, _E.RESUME): _S.UNACKNOWLEDGED,
    (_S.LATCHED, _E.RESET): _S.NORMAL,
    (_S.UNACKNOWLEDGED, _E.SHELVE): _S.SHELVED,
    (_S.ACKNOWLEDGED, _E.SHELVE): _S.SHELVED,
    (_S.SHELVED, _E.UNSHELVE): _S.UNACKNOWLEDGED,
    (_S.SHELVED, _E.RETURN): _S.NORMAL,
    (_S.UNACKNOWLEDGED, _E.SUPPRESS): _S.SUPPRESSED,
    (_S.SUPPRESSED, _E.RELEASE): _S.UNACKNOWLEDGED,
    (_S.SUPPRESSED, _E.RETURN): _S.NORMAL,
    (_S.UNACKNOWLEDGED, _E.TAKE_OUT): _S.OUT_OF_SERVICE,
    (_S.ACKNOWLEDGED, _E.TAKE_OUT): _S.OUT_OF_SERVICE,
    (_S.SHELVED, _E.TAKE_OUT): _S.OUT_OF_SERVICE,
    (_S.SUPPRESSED, _E.TAKE_OUT): _S.OUT_OF_SERVICE,
    (_S.OUT_OF_SERVICE, _E.PUT_BACK): _S.UNACKNOWLEDGED,
    (_S.OUT_OF_SERVICE, _E.RETURN): _S.NORMAL,
}

NEVER_LIFE_SAFETY = frozenset({_E.BEGIN_SHELVED, _E.SHELVE, _E.BEGIN_SUPPRESSED, _E.SUPPRESS})
"""What never happens to a P0, whatever the table says."""

STATE_NAMES: dict[AlertState, Text] = {
    _S.UNACKNOWLEDGED: Text(zh="未确认", en="Unacknowledged"),
    _S.ACKNOWLEDGED: Text(zh="已确认", en="Acknowledged"),
    _S.RETURNED_UNACKNOWLEDGED: Text(zh="已恢复未确认", en="Over, not acknowledged"),
    _S.LATCHED: Text(zh="待复位", en="Waits for reset"),
    _S.SHELVED: Text(zh="已搁置", en="Shelved"),
    _S.SUPPRESSED: Text(zh="随上级抑制", en="Explained by its parent"),
    _S.OUT_OF_SERVICE: Text(zh="停用检修", en="Out of service"),
    _S.NORMAL: Text(zh="已关闭", en="Closed"),
}

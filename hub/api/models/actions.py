"""What a person may do now, as the console draws it."""

from hub.alerts import Need
from hub.api.models.base import Answer
from wire import Text


class Action(Answer):
    """One action, for the asking user. why: the reason when it is not allowed.

    needs: fields that the request must carry; takes: fields that it may carry besides.
    """

    id: str
    name: Text
    allowed: bool
    why: Text | None
    needs: list[Need]
    takes: list[Need]


class DeviceAction(Answer):
    """One command that a device takes. max_lease_s: 0 when its effect ends by itself."""

    id: str
    name: Text
    allowed: bool
    why: Text | None
    max_lease_s: float

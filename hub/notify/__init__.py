"""Notifications: written down with the decision, carried out afterwards, outbound only."""

from hub.notify.calling_back import CallbackCourier
from hub.notify.courier import Courier
from hub.notify.message import Message
from hub.notify.outbox import Outbox

__all__ = ["CallbackCourier", "Courier", "Message", "Outbox"]

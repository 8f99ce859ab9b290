"""A message as the broker handed it over."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message, not yet acknowledged.

    retained: the broker kept it from before this subscription.
    ack: tells the broker that it may forget the message; harmless once the connection is gone.
    """

    topic: str
    payload: bytes
    retained: bool
    ack: Callable[[], None]

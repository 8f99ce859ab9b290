"""A message as the broker handed it over."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol


class Broker(Protocol):
    """Where a message came from."""

    def acknowledge(self, numbers: list[int]) -> None:
        """The broker may forget these; harmless once the connection is gone. Any thread."""
        ...


class Delivery(NamedTuple):
    """One message, not yet acknowledged.

    retained: the broker kept it from before this subscription.
    number: its number with its broker; 0 where nothing is to be acknowledged.
    """

    topic: str
    payload: bytes
    retained: bool
    number: int
    broker: Broker

    def ack(self) -> None:
        """Tell the broker that it may forget the message."""
        acknowledge((self,))


def acknowledge(deliveries: Iterable[Delivery]) -> None:
    """Tell the brokers that they may forget these, in as few packets as there are connections."""
    numbers: dict[int, tuple[Broker, list[int]]] = {}
    for one in deliveries:
        if one.number:
            numbers.setdefault(id(one.broker), (one.broker, []))[1].append(one.number)
    for broker, mine in numbers.values():
        broker.acknowledge(mine)

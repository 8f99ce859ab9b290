"""Agents' statuses: the newest of each waits, older ones are replaced."""

import threading

from hub.mqtt import Delivery
from hub.pipeline import AgentHeard
from wire import AgentStatus, Topic
from wire.topics import HUB


def read_status(delivery: Delivery, received_at: int) -> AgentHeard | None:
    """An agent's status; None for the hub's own. Raises WireError."""
    topic = Topic.parse(delivery.topic)
    if topic.agent == HUB or not delivery.payload:
        return None
    status = AgentStatus.decode(delivery.payload)
    return AgentHeard(topic.site, topic.agent, status, received_at, delivery.retained)


class Statuses:
    """Any thread puts, one takes."""

    def __init__(self) -> None:
        self._newest: dict[tuple[str, str], AgentHeard] = {}
        self._wake = threading.Condition()
        self._closed = False

    def put(self, heard: AgentHeard) -> None:
        """Let it wait. A lost connection is never replaced by what came before it."""
        with self._wake:
            self._newest[heard.site, heard.agent] = heard
            self._wake.notify()

    def take(self) -> list[AgentHeard]:
        """All that wait, as soon as there is one; empty once closed."""
        with self._wake:
            while not self._closed and not self._newest:
                self._wake.wait()
            if self._closed:
                return []
            taken = list(self._newest.values())
            self._newest.clear()
            return taken

    def close(self) -> None:
        """Let `take` return."""
        with self._wake:
            self._closed = True
            self._wake.notify_all()

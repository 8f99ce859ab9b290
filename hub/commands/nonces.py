"""The nonces that agents announce with their heartbeats: a command names the newest."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from wire import AgentStatus
from wire.command import NONCE_TTL_S

MARGIN_S: Final = 2.0
"""A nonce that the agent will void this soon is not used: the command has yet to travel."""


@dataclass(frozen=True, slots=True)
class _Heard:
    nonce: str
    at: float


class Nonces:
    """Kept in memory only: a hub that starts again waits for the next heartbeat. Any thread.

    monotonic: seconds; ages are judged by it, as the agent judges them by its own.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._heard: dict[tuple[str, str], _Heard] = {}
        self._lock = threading.Lock()

    def heard(self, site: str, agent: str, status: AgentStatus, *, retained: bool) -> None:
        """Take a status in. A retained one is of unknown age, so its nonce is void."""
        with self._lock:
            if status.state == "offline":
                self._heard.pop((site, agent), None)
            elif status.nonce is not None and not retained:
                self._heard[site, agent] = _Heard(status.nonce, self._monotonic())

    def newest(self, site: str, agent: str) -> str | None:
        """The newest nonce of an agent that is still good for a while; None when there is none."""
        with self._lock:
            found = self._heard.get((site, agent))
        if found is None or self._monotonic() - found.at > NONCE_TTL_S - MARGIN_S:
            return None
        return found.nonce

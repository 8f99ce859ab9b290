"""What the hub says of itself, retained on each site's `hub/status`."""

import json
from collections.abc import Callable, Mapping, Sequence

from hub.mqtt import Will
from wire import TopicKind, topics


class Presence:
    """hub_boot: 16 hex digits, drawn at each start. now: hub clock, ms.

    A connection has one will, so only the first site's topic learns of a hub that was killed; the
    others see that the hub's acknowledgements stop.
    """

    def __init__(self, sites: Sequence[str], hub_boot: str, now: Callable[[], int]) -> None:
        self._topics = [topics.hub(site, TopicKind.STATUS) for site in sorted(sites)]
        self._boot = hub_boot
        self._now = now

    def greeting(self) -> Mapping[str, bytes]:
        """Published at each connect."""
        return dict.fromkeys(self._topics, self._message("online", self._now()))

    def goodbye(self) -> Mapping[str, bytes]:
        """Published at a regular end."""
        return dict.fromkeys(self._topics, self._message("offline", self._now()))

    def will(self) -> Will | None:
        """Published by the broker at any other end."""
        return Will(self._topics[0], self._message("offline", None)) if self._topics else None

    def _message(self, state: str, at: int | None) -> bytes:
        return json.dumps({"v": 1, "state": state, "hub": self._boot, "at": at}).encode()

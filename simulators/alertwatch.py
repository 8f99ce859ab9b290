"""Watches the hub's stream and notes each alert that begins, once, however often it is repeated."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from simulators.errors import HubError
from simulators.hubclient import HubClient, StreamEvent
from simulators.matching import Seen

_RECONNECT_S = 0.2

log = structlog.get_logger()


class AlertWatch:
    """What a screen would have seen since `start`; alerts open before then are not news."""

    def __init__(
        self, client: HubClient, site: str, *, read: Callable[[], float] = time.monotonic
    ) -> None:
        self.seen: list[Seen] = []
        self._client = client
        self._site = site
        self._read = read
        self._cursor = 0
        self._states: dict[str, str] = {}

    async def start(self) -> None:
        """Take the snapshot from which everything is news. Raises HubError."""
        snapshot = await self._client.snapshot(self._site)
        self._cursor = snapshot["cursor"]
        self._states = {alert["id"]: alert["state"] for alert in snapshot["alerts"]}

    async def follow(self) -> None:
        """Follow the stream for ever; a lost connection is resumed from the last position."""
        while True:
            try:
                async for event in self._client.stream(self._site, after=self._cursor):
                    await self._take(event)
            except HubError as error:
                log.info("alertwatch.stream_lost", reason=str(error))
            await asyncio.sleep(_RECONNECT_S)

    def note(self, alert: Mapping[str, Any], at: int) -> None:
        """Take in an alert as it is now; `at`: when this change happened, ms.

        An alert begins when it first appears, and again when its condition comes back after it
        had returned. The same change seen twice changes nothing.
        """
        before = self._states.get(alert["id"])
        self._states[alert["id"]] = alert["state"]
        began = before is None
        again = before == "returned-unacknowledged" and alert["state"] == "unacknowledged"
        if began or again:
            moment = alert["at"] if began else at
            self.seen.append(Seen(alert["condition"], alert["device"], moment, self._read()))

    async def _take(self, event: StreamEvent) -> None:
        if event.name == "alert":
            self.note(event.data["body"], event.data["at"])
        elif event.name == "reset":
            await self._resync()
        if event.id is not None:
            self._cursor = int(event.id)

    async def _resync(self) -> None:
        """The position was too old: what is open now is all that can still be learned."""
        snapshot = await self._client.snapshot(self._site)
        for alert in snapshot["alerts"]:
            self.note(alert, alert["at"])
        self._cursor = snapshot["cursor"]

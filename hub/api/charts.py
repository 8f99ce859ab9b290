"""Telemetry for the API: asked of its store in threads of its own."""

from typing import Final

import anyio
import anyio.to_thread

from hub.telemetry.port import Bucket, Span, Telemetry

AT_ONCE: Final = 4
"""Charts that are drawn at once: a store that answers slowly holds up no other request."""


class Charts:
    """What routes ask for numbers over time."""

    def __init__(self, telemetry: Telemetry) -> None:
        self._telemetry = telemetry
        self._limit = anyio.CapacityLimiter(AT_ONCE)

    async def series(self, span: Span) -> list[Bucket]:
        """See `Telemetry.series`."""
        return await anyio.to_thread.run_sync(self._telemetry.series, span, limiter=self._limit)

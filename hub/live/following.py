"""A reader's way along a site's feed: first what it missed, then what comes."""

from collections.abc import AsyncGenerator

from hub.live.events import Changed, Reset, Telling
from hub.live.subscriber import Subscriber


class Following:
    """Handed out by `Feed.follow`; for one reader, within one event loop.

    missed: what was told before the subscriber was there. after: the position that is known.
    """

    def __init__(
        self, subscriber: Subscriber, missed: AsyncGenerator[Telling, None], *, after: int
    ) -> None:
        self._subscriber = subscriber
        self._missed: AsyncGenerator[Telling, None] | None = missed
        self._after = after
        self._over = False

    async def told(self) -> list[Telling] | None:
        """All that has come since the last call, in order; None at the end, as after a Reset.

        Waits until something has, or `nudge` was called. Raises sqlalchemy's DBAPIError while the
        reader is behind.
        """
        if self._over:
            return None
        if self._missed is not None:
            missed = await anext(self._missed, None)
            if missed is not None:
                self._over = any(isinstance(one, Reset) for one in missed.events)
                return [missed]
            self._missed = None
        told = await self._subscriber.told()
        return None if told is None else [self._unknown(one) for one in told]

    def nudge(self) -> None:
        """Let `told` return soon, with nothing if there is nothing. What was missed comes first."""
        self._subscriber.nudge()

    async def close(self) -> None:
        """Leave the feed in order."""
        if self._missed is not None:
            await self._missed.aclose()

    def _unknown(self, telling: Telling) -> Telling:
        """Without changes that the reader's snapshot held, when it was ahead of the feed."""
        first = telling.events[0]
        if not isinstance(first, Changed) or first.position > self._after:
            return telling
        return Telling(
            tuple(
                one
                for one in telling.events
                if not (isinstance(one, Changed) and one.position <= self._after)
            )
        )

"""What cameras see now, for those who look: leased from the camera while somebody does."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

from hub.errors import HubError
from hub.mqtt import Delivery
from hub.pipeline import Registry
from wire import Topic, WireError
from wire.media import Frame

log = structlog.get_logger(__name__)

LEASE_S: Final = 12.0
RENEW_S: Final = 4.0
"""Two renewals may be lost before the camera stops."""

Ask = Callable[[str, str, float], None]
"""`ask(site, device, lease_s)`. Raises HubError when nobody can be asked."""


@dataclass(slots=True)
class _View:
    """One camera that is being watched. number: of the newest frame, from 1."""

    wake: asyncio.Event = field(default_factory=asyncio.Event)
    frame: Frame | None = None
    number: int = 0
    watchers: int = 0
    renewing: asyncio.Task[None] | None = None


class LivePictures:
    """`take` may be called from any thread; the rest belongs to one event loop.

    Nothing is kept: a frame that nobody waits for is gone, and a slow watcher misses some.
    """

    def __init__(self, registry: Registry, ask: Ask) -> None:
        self._registry = registry
        self._ask = ask
        self._views: defaultdict[tuple[str, str], _View] = defaultdict(_View)
        self._loop = asyncio.get_running_loop()

    def watched(self, site: str, device: str) -> int:
        """How many watch this camera."""
        view = self._views.get((site, device))
        return 0 if view is None else view.watchers

    def take(self, delivery: Delivery) -> None:
        """Take a frame from the broker, in the link's thread. Never waits, never raises."""
        delivery.ack()
        if delivery.retained:
            return
        try:
            topic, frame = Topic.parse(delivery.topic), Frame.decode(delivery.payload)
        except WireError as error:
            log.warning("live.unreadable_frame", reason=error.reason)
            return
        device = self._registry.device(topic.site, frame.device)
        if device is None or device.agent != topic.agent:
            log.warning("live.foreign_frame", site=topic.site, agent=topic.agent)
            return
        try:
            self._loop.call_soon_threadsafe(self._show, (topic.site, frame.device), frame)
        except RuntimeError:  # the loop is closed: the hub is stopping
            return

    def ask(self, site: str, device: str) -> None:
        """Ask the camera to send for a while. Raises HubError when it cannot be asked."""
        self._ask(site, device, LEASE_S)

    async def watch(self, site: str, device: str) -> AsyncGenerator[Frame, None]:
        """Frames as they come, the newest each time; close it (`aclosing`) when done."""
        key = (site, device)
        view = self._views[key]
        view.watchers += 1
        if view.renewing is None:
            view.renewing = asyncio.create_task(self._renew(key), name=f"live {device}")
        seen = view.number
        try:
            while True:
                while view.number == seen or view.frame is None:
                    view.wake.clear()
                    await view.wake.wait()
                seen = view.number
                yield view.frame
        finally:
            view.watchers -= 1
            if view.watchers == 0:
                view.renewing.cancel()
                self._views.pop(key, None)

    def _show(self, key: tuple[str, str], frame: Frame) -> None:
        view = self._views.get(key)
        if view is not None:
            view.frame = frame
            view.number += 1
            view.wake.set()

    async def _renew(self, key: tuple[str, str]) -> None:
        """Renew the lease while somebody watches; an agent that is away may come back."""
        while True:
            try:
                self._ask(*key, LEASE_S)
            except HubError as error:
                log.info("live.not_asked", device=key[1], code=error.code)
            await asyncio.sleep(RENEW_S)

"""Puts looks at evidence on record: each one, but a player's many requests for ranges only once."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from hub.api.models.evidence import Evidence
from hub.api.trail import Trail
from hub.api.visit import Visit

ONE_LOOK_MS: Final = 10 * 60_000
_REMEMBERED: Final = 5_000


class Looks:
    """now: hub clock, ms."""

    def __init__(self, trail: Trail, now: Callable[[], int]) -> None:
        self._trail = trail
        self._now = now
        self._noted: OrderedDict[tuple[str, str, str | None], int] = OrderedDict()

    async def note(self, visit: Visit, site: str, piece: Evidence, purpose: str | None) -> None:
        """Record that this session looks at this piece, unless it is looking at it already."""
        key, now = (visit.session, piece.id, purpose), self._now()
        if now - self._noted.get(key, now - ONE_LOOK_MS) < ONE_LOOK_MS:
            return
        detail = {"class": piece.kind, "device": piece.device, "sha256": piece.sha256}
        if purpose is not None:
            detail["purpose"] = purpose
        await self._trail.looked(
            self._trail.act(visit.actor, site, "evidence.look", piece.id, **detail)
        )
        self._noted[key] = now
        if len(self._noted) > _REMEMBERED:
            self._noted.popitem(last=False)

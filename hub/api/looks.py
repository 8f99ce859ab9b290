"""Puts looks at evidence on record: each one, but a player's many requests for ranges only once."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

from hub.api.desk import Desk
from hub.api.looking import Looking, LookNeededError
from hub.api.models.evidence import Evidence
from hub.api.trail import Trail
from hub.api.visit import Visit
from hub.store.reads.passages import passers_in

ONE_LOOK_MS: Final = 10 * 60_000
_REMEMBERED: Final = 5_000
_PICTURE: Final = "picture"

_Key = tuple[str, str, str | None]


class Looks:
    """now: hub clock, ms."""

    def __init__(self, desk: Desk, trail: Trail, now: Callable[[], int]) -> None:
        self._desk = desk
        self._trail = trail
        self._now = now
        self._noted: OrderedDict[_Key, int] = OrderedDict()

    async def note(self, visit: Visit, site: str, piece: Evidence, look: Looking | None) -> None:
        """Record that this session looks at this piece, unless it is looking at it already.

        Raises LookNeededError for a picture of a passage without a declared look.
        """
        if piece.kind == _PICTURE and look is None:
            raise LookNeededError("say first what you are looking for", field="look")
        under = None if look is None else look.look.id
        key = (visit.session, piece.id, under)
        if self._is_noted(key):
            return
        detail = {"class": piece.kind, "device": piece.device, "sha256": piece.sha256}
        if look is not None and piece.kind == _PICTURE:
            await self._picture(site, piece, look, detail)
        else:
            act = self._trail.act(visit.actor, site, "evidence.look", piece.id, **detail)
            await self._trail.looked(act)
        self._remember(key)

    async def listed(self, look: Looking, thing: str, **detail: Any) -> None:
        """Record that somebody sees which pictures there are; a screen asks again and again."""
        key = (look.look.id, thing, "|".join(str(one) for one in detail.values()))
        if not self._is_noted(key):
            await look.shown("passage.look", thing, **detail, **{"class": _PICTURE})
            self._remember(key)

    def _is_noted(self, key: _Key) -> bool:
        now = self._now()
        return now - self._noted.get(key, now - ONE_LOOK_MS) < ONE_LOOK_MS

    def _remember(self, key: _Key) -> None:
        self._noted[key] = self._now()
        if len(self._noted) > _REMEMBERED:
            self._noted.popitem(last=False)

    async def _picture(
        self, site: str, piece: Evidence, look: Looking, detail: dict[str, Any]
    ) -> None:
        """Whoever is to be seen in it may ask who saw them."""
        who = await self._desk.read(
            lambda reader: passers_in(
                reader, site, device=piece.device, at=piece.from_at, picture=piece.sha256
            )
        )
        await look.shown("evidence.look", piece.id, subjects=who, **detail)

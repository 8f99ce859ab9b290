"""Clips out of a camera's ring: each written, once its last second has come, by a thread beside."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from edge.camera.clip import ClipError, write_clip
from edge.camera.ring import Cut, Ring
from edge.camera.source import Polygon

Say = Callable[[dict[str, Any], bytes], None]

_LATE_MS: Final = 3000
"""A clip waits this much longer for its last packets, in case the stream stands still."""


@dataclass(frozen=True, slots=True)
class ClipAsk:
    """A clip that is asked for: what it covers, agent's clock, ms, and where it goes."""

    id: str
    from_at: int
    to_at: int
    path: Path


class Cutting:
    """Clips of one camera. masks: blacked out in them. say: tells how each has ended."""

    def __init__(self, ring: Ring, masks: Sequence[Polygon], say: Say) -> None:
        self._ring = ring
        self._masks = masks
        self._say = say
        self._asked: list[ClipAsk] = []
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="clip")

    def ask(self, asked: ClipAsk) -> None:
        """Have a clip written; may be called from another thread."""
        self._asked.append(asked)

    def write(self, now: int) -> None:
        """Write those whose last second has come. now: agent's clock, ms."""
        for asked in [one for one in self._asked if now >= one.to_at]:
            cut = self._ring.cut(asked.from_at, asked.to_at)
            whole = cut is not None and cut.to_at >= asked.to_at - _LATE_MS // 10
            if not whole and now < asked.to_at + _LATE_MS:
                continue
            self._asked.remove(asked)
            if cut is None:
                self._no_clip(asked, "nothing was recorded then")
                continue
            self._writer.submit(self._write, asked, cut)

    def _write(self, asked: ClipAsk, cut: Cut) -> None:
        try:
            write_clip(cut, asked.path, self._masks)
        except ClipError as error:
            self._no_clip(asked, str(error))
        else:
            span = {"from": cut.from_at, "to": cut.to_at}
            self._say({"do": "clip", "id": asked.id, **span}, b"")

    def _no_clip(self, asked: ClipAsk, why: str) -> None:
        self._say({"do": "no-clip", "id": asked.id, "why": why}, b"")

"""Clips that the hub asks of a camera: ordered of its child, brought when they are whole."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path  # noqa: TC003  beside its siblings
from typing import Final

from edge.camera.pipe import Message
from edge.errors import DeviceError
from edge.media.evidence import EvidenceDesk, Piece
from wire import Command
from wire.media import EvidenceClass

_MOST_S: Final = 30.0
_AT_ONCE: Final = 4


class Clips:
    """Those of one camera.

    order: tells the child; False when there is none. allowed: whether the camera records at all.
    """

    def __init__(
        self,
        device: str,
        evidence: EvidenceDesk,
        order: Callable[[Message], bool],
        *,
        allowed: bool,
    ) -> None:
        self._device = device
        self._evidence = evidence
        self._order = order
        self._allowed = allowed
        self._asked: dict[str, tuple[Piece, Path]] = {}

    async def ask(self, command: Command) -> None:
        """Have the child write one; whatever hinders it is told to the hub.

        Raises DeviceError for parameters that make no sense.
        """
        params = command.params
        at, before, after = (_number(params, name) for name in ("at", "before_s", "after_s"))
        name = str(params.get("evidence", command.id))
        if name in self._asked:
            return  # it was asked again: the first is being made
        from_at, to_at = round(at - before * 1000), round(at + after * 1000)
        piece = Piece(self._device, EvidenceClass.CLIP, "video/mp4", from_at, to_at, id=name)
        if why := self._hindrance(before, after):
            await self._evidence.fail(piece, why)
            return
        path = self._evidence.scratch_file()
        self._asked[name] = (piece, path)
        wanted = {"do": "clip", "id": name, "from": from_at, "to": to_at, "path": str(path)}
        if not self._order(wanted):
            del self._asked[name]
            await self._evidence.fail(piece, "the camera is being started")

    async def made(self, message: Message) -> None:
        """The child has written one, of the span that it says. Raises KeyError for another's."""
        piece, path = self._asked.pop(message["id"])
        span = replace(piece, from_at=int(message["from"]), to_at=int(message["to"]))
        await self._evidence.bring_file(path, span)

    async def missed(self, message: Message) -> None:
        """The child could not, and says why. Raises KeyError for another's."""
        piece, path = self._asked.pop(message["id"])
        path.unlink(missing_ok=True)
        await self._evidence.fail(piece, str(message["why"]))

    def _hindrance(self, before: float, after: float) -> str:
        if not self._allowed:
            return "this camera is set up not to record"
        if not (0 <= before <= _MOST_S and 0 <= after <= _MOST_S):
            return f"at most {_MOST_S:g} s before and after"
        return "too many clips at once" if len(self._asked) >= _AT_ONCE else ""


def _number(params: dict[str, str | float | bool], name: str) -> float:
    value = params.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise DeviceError(f"{name}: a number is needed")
    return float(value)

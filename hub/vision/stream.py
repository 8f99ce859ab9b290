"""From frames to sightings: the newest frame of each camera is looked at, one after another.

A frame that a newer one of its camera overtook is passed over, and counted: what matters is what
is there now. Frames are looked at and forgotten; only what was seen in them goes on.
"""

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final, Self

import structlog
from sqlalchemy.exc import DBAPIError

from hub.errors import UnavailableError
from hub.pipeline import Committed, SeenFrame, Sighting
from hub.vision.model import EBIKE, Thresholds
from hub.vision.result import Answer, Detections, Refused
from wire import SignalValue
from wire.elevator import ALARM, BOXES, MODEL, SCORE, SUSPICION, VISION, Seen, encode_seen

log = structlog.get_logger(__name__)

KINDS: Final = frozenset({"elevator-camera"})
"""Kinds of cameras in whose frames e-bikes are looked for."""

WITHIN_S: Final = 10.0
"""A sighting that could not be stored in this time is given up; the next frame tells more."""

See = Callable[[bytes], Answer]
"""`Detector.detect`: blocking, and it never raises for what a picture contains."""

Sighted = Callable[[list[Sighting]], Future[None]]


@dataclass(frozen=True, slots=True)
class Eye:
    """What sees. name: of the model, with its version."""

    see: See
    name: str
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class StreamHealth:
    """waiting: cameras with a frame that has yet to be looked at. The others count frames."""

    waiting: int
    seen: int
    skipped: int
    refused: int


class FrameStream:
    """A context manager with a thread; `committed` may be called from any thread.

    sighted: takes sightings to the pipeline.
    """

    def __init__(
        self,
        eye: Eye,
        sighted: Sighted,
        *,
        kinds: Collection[str] = KINDS,
        within_s: float = WITHIN_S,
    ) -> None:
        self._eye = eye
        self._sighted = sighted
        self._kinds = kinds
        self._within_s = within_s
        self._waiting: OrderedDict[tuple[str, str], SeenFrame] = OrderedDict()
        self._skipped: Counter[tuple[str, str]] = Counter()
        self._totals: Counter[str] = Counter()
        self._wake = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="hub-vision", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._wake:
            self._closed = True
            self._wake.notify_all()
        self._thread.join()

    def health(self) -> StreamHealth:
        """How it stands."""
        with self._wake:
            totals = (self._totals[name] for name in ("seen", "skipped", "refused"))
            return StreamHealth(len(self._waiting), *totals)

    def committed(self, committed: Committed) -> None:
        """Take in the frames of a commit; returns at once."""
        frames = [one for one in committed.frames if one.frame.kind in self._kinds]
        if not frames:
            return
        with self._wake:
            for one in frames:
                self._put(one)
            self._wake.notify()

    def _put(self, one: SeenFrame) -> None:
        """The newest of a camera keeps the place that its first waiting one had in the row."""
        key = (one.site, one.frame.device)
        older = self._waiting.get(key)
        if older is None or one.at >= older.at:
            self._waiting[key] = one
        if older is not None:
            self._skipped[key] += 1
            self._totals["skipped"] += 1

    def _run(self) -> None:
        while (taken := self._next()) is not None:
            frame, skipped = taken
            sighting = self._look(frame, skipped)
            try:
                self._sighted([sighting]).result(self._within_s)
            except (DBAPIError, UnavailableError, TimeoutError) as error:
                log.warning("vision.sighting_lost", error=type(error).__name__)

    def _next(self) -> tuple[SeenFrame, int] | None:
        """The frame of the camera that waited longest; None once closed."""
        with self._wake:
            while not self._closed and not self._waiting:
                self._wake.wait()
            if self._closed:
                return None
            key, frame = self._waiting.popitem(last=False)
            return frame, self._skipped.pop(key, 0)

    def _look(self, frame: SeenFrame, skipped: int) -> Sighting:
        answer = self._eye.see(frame.frame.jpeg)
        refused = isinstance(answer, Refused)
        with self._wake:
            self._totals["seen"] += 1
            self._totals["refused"] += refused
        if isinstance(answer, Refused):
            log.warning("vision.refused", device=frame.frame.device, reason=answer.reason)
            return Sighting(frame, {VISION: "fault"}, keep=True, skipped=skipped)
        seen = _seen(answer)
        return Sighting(frame, self._signals(seen), keep=bool(seen), skipped=skipped)

    def _signals(self, seen: list[Seen]) -> dict[str, SignalValue]:
        return {
            VISION: "ok",
            BOXES: encode_seen(seen),
            SCORE: round(max((one.score for one in seen), default=0.0), 4),
            SUSPICION: self._eye.thresholds.suspicion,
            ALARM: self._eye.thresholds.alarm,
            MODEL: self._eye.name,
        }


def _seen(answer: Detections) -> list[Seen]:
    """E-bikes only, their boxes as shares of the picture."""
    wide, high = answer.width, answer.height
    return [
        Seen(
            min(max(one.score, 0.0), 1.0),
            (one.box[0] / wide, one.box[1] / high, one.box[2] / wide, one.box[3] / high),
        )
        for one in answer.found
        if one.label == EBIKE
    ]

"""What is said of an elevator car: what the detector saw in a frame, and what the car reports.

The two come as observations of the same device: the first is worked out of one frame and takes
that frame's place in its stream, the second comes from contacts and registers beside the car.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from wire.errors import WireError

BOXES: Final = "ebike_boxes"
SCORE: Final = "ebike_score"
SUSPICION: Final = "suspicion_from"
ALARM: Final = "alarm_from"
MODEL: Final = "model"
VISION: Final = "vision"
DOOR_OPEN: Final = "door_open"
MOVING: Final = "moving"
FLOOR: Final = "floor"
HELD: Final = "held"

MAX_BOXES: Final = 12
_MILLE: Final = 1000
_FIELDS: Final = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """One e-bike in a frame. score: 0..1. box: x0, y0, x1, y1 as shares of the picture, 0..1."""

    score: float
    box: tuple[float, float, float, float]

    @property
    def foot(self) -> tuple[float, float]:
        """The middle of the box's lower edge: where it stands."""
        return ((self.box[0] + self.box[2]) / 2, self.box[3])

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the box."""
        return ((self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2)


def encode_seen(seen: Iterable[Seen]) -> str:
    """The best ones as a signal's text, best first: `score,x0,y0,x1,y1;…`, each in thousandths."""
    best = sorted(seen, key=lambda one: -one.score)[:MAX_BOXES]
    return ";".join(
        ",".join(str(round(value * _MILLE)) for value in (one.score, *one.box)) for one in best
    )


def decode_seen(text: str) -> tuple[Seen, ...]:
    """What `encode_seen` wrote. Raises WireError(`bad-boxes`)."""
    return tuple(_one(part) for part in text.split(";")) if text else ()


def _one(part: str) -> Seen:
    numbers = part.split(",")
    sound = all(one.isdecimal() and len(one) < _FIELDS for one in numbers)
    if len(numbers) != _FIELDS or not sound:
        raise WireError("bad-boxes", f"{part[:40]!r} is not score,x0,y0,x1,y1 in thousandths")
    values = [int(one) / _MILLE for one in numbers]
    if max(values) > 1:
        raise WireError("bad-boxes", f"{part[:40]!r} goes beyond 1000 thousandths")
    return Seen(values[0], (values[1], values[2], values[3], values[4]))

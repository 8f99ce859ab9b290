"""What the detector says about one picture."""

from dataclasses import dataclass
from typing import Literal

Box = tuple[float, float, float, float]

Reason = Literal["not-a-picture", "truncated", "too-large", "poison", "out-of-order"]
"""Why no answer: the bytes are no JPEG or PNG; they end early; more pixels or bytes than allowed;
they ended the child process twice; the child process cannot be started."""


@dataclass(frozen=True, slots=True)
class Detection:
    """One thing seen. box: x0, y0, x1, y1 in the picture's pixels, inside the picture."""

    label: str
    score: float
    box: Box


@dataclass(frozen=True, slots=True)
class Detections:
    """What was seen at or above the model's suspicion threshold, best first.

    width, height: the picture's, px. ms: decoding, network and boxes, in the child.
    """

    found: tuple[Detection, ...]
    width: int
    height: int
    ms: float

    def best(self, label: str) -> float:
        """The highest score of a label; 0 when it was not seen."""
        return max((d.score for d in self.found if d.label == label), default=0.0)


@dataclass(frozen=True, slots=True)
class Refused:
    """No answer about this picture. `detail` is one line for people."""

    reason: Reason
    detail: str


Answer = Detections | Refused

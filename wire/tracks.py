"""A track: what a facade camera's front end saw move, and how surprising it is.

A track is evidence, and the hub judges it. It is told as soon as it is more than chance, again as
it grows, and once more when it has ended; each telling holds all of it. It takes the `event` lane:
pictures may be dropped, what fell may not.
Positions are fractions of the frame's width and height with the origin top left, so that a
camera may change its resolution without changing its calibration.
"""

from itertools import pairwise
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from wire.errors import WireError
from wire.ids import Id
from wire.observation import Instant

MAX_TRACK_POINTS = 1200
"""The most points one track may carry: 40 s at 30 frames per second."""

Fraction = Annotated[float, Field(ge=-0.5, le=1.5, allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Side = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
Pixels = Annotated[int, Field(ge=16, le=16384)]
Point = tuple[Seconds, Fraction, Fraction]
"""(seconds since the stream began, x / width, y / height)."""


class Track(BaseModel):
    """One thing that moved downward.

    points: in order of time, strictly.
    boxes: width and height of the blob at each point, as fractions of the frame's; empty when
        the front end does not measure them.
    size: the median blob's diameter, as a fraction of the frame's height.
    contrast: the mean luma difference to the background, in levels of 255.
    coverage: the share of frames between first and last point in which it was seen.
    log_nfa: log10 of how often a day chance alone would link such a track; lower is better.
    clutter: log10 of the blobs expected per frame in a circle of 1 % of the height around it.
    frame: width and height, px.  fps: frames per second, as measured.
    decided_s: when the track's evidence first sufficed, on the points' clock.
    """

    model_config = ConfigDict(frozen=True)

    points: Annotated[tuple[Point, ...], Field(min_length=3, max_length=MAX_TRACK_POINTS)]
    boxes: Annotated[tuple[tuple[Side, Side], ...], Field(max_length=MAX_TRACK_POINTS)] = ()
    size: Side
    contrast: Annotated[float, Field(ge=0, le=255, allow_inf_nan=False)]
    coverage: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
    log_nfa: Annotated[float, Field(allow_inf_nan=False)]
    clutter: Annotated[float, Field(allow_inf_nan=False)] = -6.0
    frame: tuple[Pixels, Pixels]
    fps: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]
    decided_s: Seconds

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        times = [point[0] for point in self.points]
        if any(later <= earlier for earlier, later in pairwise(times)):
            raise ValueError("points are not in strict order of time")
        if self.boxes and len(self.boxes) != len(self.points):
            raise ValueError("boxes and points differ in number")
        return self

    @property
    def start_s(self) -> float:
        """When it was first seen."""
        return self.points[0][0]

    @property
    def end_s(self) -> float:
        """When it was last seen."""
        return self.points[-1][0]


class TrackReport(BaseModel):
    """What an agent tells of one track.

    stream: 8 hex digits, drawn for each clock of points: a new one when the picture's size has
        changed, or the connection, or after a stall. number: of the track, within the stream.
    at, seen: the agent's clock at the track's last point, and when this was told, ms.
    final: it has ended; nothing more will be told of it.
    """

    model_config = ConfigDict(frozen=True)

    device: Id
    kind: Id
    stream: Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]
    number: Annotated[int, Field(ge=1, le=2**53 - 1, strict=True)]
    at: Instant
    seen: Instant
    final: bool
    track: Track


TRACK: Final = "track"
"""The signal in which rules see a report, as JSON; it is never an observation's."""

MAX_REPORTS: Final = 100

_MANY: Final = TypeAdapter(Annotated[list[TrackReport], Field(max_length=MAX_REPORTS)])


def decode_tracks(body: bytes) -> list[TrackReport]:
    """Read a `tracks` body. Raises WireError(`bad-body`), naming field and fault."""
    try:
        return _MANY.validate_json(body)
    except ValidationError as error:
        raise WireError.of("bad-body", error, whole="body") from None


def encode_tracks(reports: list[TrackReport]) -> bytes:
    """The body that `decode_tracks` reads back."""
    return _MANY.dump_json(reports)

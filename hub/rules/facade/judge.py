"""Is this track a thing falling from the facade? Pure: one track and a site in, a verdict out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hub.rules.facade.origin import Origin, origin_of
from hub.rules.facade.site import FacadeSite
from hub.rules.facade.trajectory import (
    Metres,
    Shape,
    aspect_of,
    lost_share,
    metres_of,
    shape_of,
    until_landing,
)
from wire.tracks import Point, Track


class Label(StrEnum):
    """What it is; a drifting object (paper, a bag) is told with less confidence."""

    FALLING = "falling_object"
    DRIFTING = "drifting_object"


class VerdictKind(StrEnum):
    """Confirmed takes a calibrated facade; without one a track can only be suspected."""

    CONFIRMED = "confirmed"
    SUSPECTED = "suspected"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement of one track.

    score: 0..1, how sure; 0 when rejected.
    reasons: why it was rejected, stable kebab-case codes; empty otherwise.
    start_s, end_s: from the first sight to the landing or the last, on the track's clock.
    """

    kind: VerdictKind
    label: Label | None
    score: float
    reasons: tuple[str, ...]
    start_s: float
    end_s: float
    origin: Origin


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a fall ends and other motion begins. Sources: physics, and the rendered suite.

    Lengths are fractions of the frame's height unless they end in `_m`.
    """

    min_points: int = 5
    min_duration_s: float = 0.25
    min_drop: float = 0.12
    min_floors: float = 1.8  # "two floors", less what calibration lines are off
    max_residual: float = 0.05  # of the drop; perspective bends the parabola by up to 3 %
    max_slope: float = 0.9
    min_downward: float = 0.85
    min_gain: float = 1.3  # speed at the end over speed at the start
    min_speed: float = 0.035
    # chance in rain reaches -5.8 in half an hour, half as often with each step of one; falls that
    # are drawn begin at -65, real ones at -137 (docs/footage.md)
    max_log_nfa: float = -10.0
    masked_share: float = 0.5
    max_size: float = 0.15
    # metres: air and parallax take from g, a throw away from the facade seems to add to it
    gravity_m: tuple[float, float] = (2.5, 20.0)
    min_end_speed_m: float = 3.0
    # drifting: paper and bags come down at 1 to 3 m/s (their terminal speed) for seconds
    drift_duration_s: float = 1.5
    drift_drop: float = 0.15
    drift_residual: float = 0.06
    drift_size: float = 0.007
    drift_speed: tuple[float, float] = (0.012, 0.2)
    drift_size_m: float = 0.15  # the short side of A5 paper; a leaf is smaller, unless it is near
    drift_coverage: float = 0.75  # a leaf turns edge-on and is lost, paper is seen all the way
    drift_speed_m: tuple[float, float] = (0.5, 4.0)
    drift_log_nfa: float = -6.0


LIMITS = Limits()


def judge(track: Track, site: FacadeSite | None = None, *, limits: Limits = LIMITS) -> Verdict:
    """What a track is. Without a site: the whole frame counts, and at best it is suspected."""
    facade = site or FacadeSite()
    points = until_landing(track.points)
    shape = shape_of(points, aspect=aspect_of(track))
    metres = metres_of(points, facade)
    origin = origin_of(points, facade, shape, metres)
    if shape is None:
        return _rejected(track, points, origin, ("too-few-points",))
    shared = tuple(_anywhere(track, points, shape, facade, limits))
    falling = (*shared, *_not_falling(track, shape, metres, facade, limits))
    drifting = (*shared, *_not_drifting(track, shape, metres, facade, limits))
    if falling and drifting:
        return _rejected(track, points, origin, falling)
    label = Label.DRIFTING if falling else Label.FALLING
    calibrated = facade.polygon is not None and metres is not None
    return Verdict(
        VerdictKind.CONFIRMED if calibrated else VerdictKind.SUSPECTED,
        label,
        _score(track, shape, label, calibrated=calibrated),
        (),
        points[0][0],
        points[-1][0],
        origin,
    )


def _anywhere(
    track: Track, points: Sequence[Point], shape: Shape, site: FacadeSite, limits: Limits
) -> Iterator[str]:
    """What neither a falling nor a drifting object may be."""
    if shape.points < limits.min_points or shape.duration_s < limits.min_duration_s:
        yield "too-short"
    if track.log_nfa > limits.max_log_nfa:
        yield "chance-would-do"
    if track.size > limits.max_size:
        yield "too-large"
    if not site.on_facade(points[0][1], points[0][2]):
        yield "starts-off-the-facade"
    masked = sum(site.masked(x, y) for _, x, y in points)
    if masked > limits.masked_share * len(points) or site.masked(points[0][1], points[0][2]):
        yield "masked"


def _not_falling(
    track: Track, shape: Shape, metres: Metres | None, site: FacadeSite, limits: Limits
) -> Iterator[str]:
    if shape.downward < limits.min_downward:
        yield "not-downward"
    if abs(shape.drift) > limits.max_slope * shape.drop:
        yield "sideways"
    if max(shape.residual_y, shape.residual_x) > limits.max_residual + _jitter(track, shape):
        yield "not-a-parabola"
    if metres is None:
        yield from _not_falling_in_the_picture(shape, limits)
        return
    if metres.drop < limits.min_floors * site.floor_height_m:
        yield "less-than-two-floors"
    slack = 2 * metres.acceleration_sigma
    low, high = limits.gravity_m
    if metres.acceleration < low or metres.acceleration - slack > high:
        yield "not-gravity"
    if metres.speed_end < limits.min_end_speed_m:
        yield "too-slow"


def _not_falling_in_the_picture(shape: Shape, limits: Limits) -> Iterator[str]:
    """Without metres only the sign of the acceleration is known, and that it is not noise."""
    if shape.drop < limits.min_drop:
        yield "too-short-a-drop"
    if shape.speed_end < limits.min_gain * max(shape.speed_start, 0.0):
        yield "not-accelerating"
    if shape.acceleration < 3 * shape.acceleration_sigma:
        yield "not-accelerating"
    if shape.drop / shape.duration_s < limits.min_speed:
        yield "too-slow"


def _not_drifting(
    track: Track, shape: Shape, metres: Metres | None, site: FacadeSite, limits: Limits
) -> Iterator[str]:
    if shape.duration_s < limits.drift_duration_s or track.log_nfa > limits.drift_log_nfa:
        yield "too-short"
    if track.coverage * (1 - lost_share(track)) < limits.drift_coverage:
        yield "seen-too-seldom"
    if shape.sinking < limits.min_downward:
        yield "not-downward"
    if abs(shape.drift) > 1.5 * limits.max_slope * shape.drop:
        yield "sideways"
    if shape.residual_y > limits.drift_residual + _jitter(track, shape):
        yield "not-steady"
    yield from _not_paper(track, shape, metres, site, limits)


def _not_paper(
    track: Track, shape: Shape, metres: Metres | None, site: FacadeSite, limits: Limits
) -> Iterator[str]:
    """By speed and size: in metres where they are known, else by what cameras usually see."""
    if metres is None:
        slow, fast = limits.drift_speed
        size, smallest = track.size, limits.drift_size
        speed = shape.drop / shape.duration_s
        if shape.drop < limits.drift_drop:
            yield "too-short-a-drop"
    else:
        slow, fast = limits.drift_speed_m
        size = track.size / shape.drop * metres.drop
        smallest = limits.drift_size_m
        speed = metres.drop / shape.duration_s
        if metres.drop < limits.min_floors * site.floor_height_m:
            yield "less-than-two-floors"
    if not slow <= speed <= fast:
        yield "not-drifting"
    if size < smallest:
        yield "leaf-sized"


def _jitter(track: Track, shape: Shape) -> float:
    """What a blob's changing outline adds to the residual, over the drop."""
    return 0.25 * track.size / shape.drop


def _score(track: Track, shape: Shape, label: Label, *, calibrated: bool) -> float:
    """Evidence, cleanness and calibration, each as a factor; for ordering, not a probability."""
    evidence = min(1.0, max(0.0, -track.log_nfa) / 25)
    clean = 1 - min(0.5, 5 * shape.residual_y)
    score = (0.4 + 0.6 * evidence) * clean * (1.0 if calibrated else 0.8)
    return round(score * (0.6 if label is Label.DRIFTING else 1.0), 3)


def _rejected(
    track: Track, points: Sequence[Point], origin: Origin, reasons: tuple[str, ...]
) -> Verdict:
    seen = tuple(dict.fromkeys(reasons))
    end_s = points[-1][0] if points else track.end_s
    return Verdict(VerdictKind.REJECTED, None, 0.0, seen, track.start_s, end_s, origin)

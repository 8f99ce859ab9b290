"""The shape of a track: how it came down, in the picture and, where calibrated, in metres."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from hub.rules.facade.leastsquares import evaluate, polynomial, rms
from hub.rules.facade.site import FacadeSite
from wire.tracks import Point, Track

GRAVITY = 9.8
"""m/s²."""
MIN_POINTS = 4
"""A parabola through three points proves nothing."""
EARLY_S = 0.6
"""Air hardly slows anything in this time."""
WINDOW_S = 0.2
"""Motion is called downward over windows of this length: blobs jitter from frame to frame."""
SWAY_S = 0.8
"""And over this one for what sways and flutters on its way."""
LOST_PICTURES = 5.5
"""After so many pictures without it a track has ended; what follows is another piece."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Figures of a track up to where it lands; lengths are fractions of the frame's height.

    duration_s, drop, drift: how long, how far down, how far sideways (net).
    speed_start, speed_end, acceleration: of the fitted parabola, downward; per s and s².
    acceleration_sigma: standard error of the acceleration.
    residual_y, residual_x: rms of what a parabola (y) and a parabola (x) leave, over the drop.
    downward, sinking: share of short, and of long, windows in which it came down.
    steady: rms of what a straight line leaves of y, over the drop.
    """

    points: int
    duration_s: float
    drop: float
    drift: float
    speed_start: float
    speed_end: float
    acceleration: float
    acceleration_sigma: float
    residual_y: float
    residual_x: float
    downward: float
    sinking: float
    steady: float


@dataclass(frozen=True, slots=True)
class Metres:
    """The same in metres above the lowest floor line, on the facade's plane.

    acceleration and speeds downward, m/s² and m/s; release_m: height at which it was let go.
    release_sigma_m: its standard error.
    """

    drop: float
    speed_start: float
    speed_end: float
    acceleration: float
    acceleration_sigma: float
    residual: float
    release_m: float
    release_sigma_m: float


def until_landing(points: Sequence[Point]) -> tuple[Point, ...]:
    """The points up to the lowest one: what comes after it rolls, bounces or lies."""
    lowest = max(range(len(points)), key=lambda i: points[i][2])
    return tuple(points[: lowest + 1])


def shape_of(points: Sequence[Point], *, aspect: float) -> Shape | None:
    """Figures of a track's points; None when it has too few. aspect: width over height."""
    if len(points) < MIN_POINTS:
        return None
    start = points[0][0]
    times = [p[0] - start for p in points]
    xs, ys = [p[1] * aspect for p in points], [p[2] for p in points]
    fit = polynomial(times, ys, 2)
    end = times[-1]
    drop = max(1e-6, evaluate(fit, end) - evaluate(fit, 0.0))
    residual = rms(fit, times, ys)
    return Shape(
        points=len(points),
        duration_s=end,
        drop=drop,
        drift=xs[-1] - xs[0],
        speed_start=fit[1],
        speed_end=fit[1] + 2 * fit[2] * end,
        acceleration=2 * fit[2],
        acceleration_sigma=_acceleration_sigma(residual, len(points), end),
        residual_y=residual / drop,
        residual_x=rms(polynomial(times, xs, 2), times, xs) / drop,
        downward=_downward(points, WINDOW_S),
        sinking=_downward(points, SWAY_S),
        steady=rms(polynomial(times, ys, 1), times, ys) / drop,
    )


def metres_of(points: Sequence[Point], site: FacadeSite) -> Metres | None:
    """Figures in metres; None without floor lines or with too few points."""
    floor_at = site.floor_at
    if floor_at is None or len(points) < MIN_POINTS:
        return None
    start = points[0][0]
    times = [p[0] - start for p in points]
    heights = [floor_at(p[1], p[2]) * site.floor_height_m for p in points]
    fit = polynomial(times, heights, 2)
    end = times[-1]
    residual = rms(fit, times, heights)
    sigma = _acceleration_sigma(residual, len(points), end)
    speed_start = -fit[1]
    release, release_sigma = _release(times, heights, residual)
    return Metres(
        drop=fit[0] - evaluate(fit, end),
        speed_start=speed_start,
        speed_end=-(fit[1] + 2 * fit[2] * end),
        acceleration=-2 * fit[2],
        acceleration_sigma=sigma,
        residual=residual,
        release_m=release,
        release_sigma_m=release_sigma,
    )


def _release(times: list[float], heights: list[float], residual: float) -> tuple[float, float]:
    """Height of the release, m, and its standard error.

    From the first EARLY_S, in which air hardly matters: a thing that comes down with v when it is
    first seen has fallen v²/2g before, if it was dropped and not thrown down.
    """
    early = [i for i, t in enumerate(times) if t <= EARLY_S]
    if len(early) <= MIN_POINTS:
        early = list(range(min(MIN_POINTS + 1, len(times))))
    known = [heights[i] + GRAVITY * times[i] ** 2 / 2 for i in early]
    line = polynomial([times[i] for i in early], known, 1)
    span = max(times[early[-1]], 1e-3)
    speed = max(0.0, -line[1])
    noise = max(residual, 0.1)
    speed_sigma = (12 / len(early)) ** 0.5 * noise / span + 0.5  # the throw's own, m/s
    return line[0] + speed**2 / (2 * GRAVITY), noise + speed * speed_sigma / GRAVITY


def _acceleration_sigma(residual: float, count: int, duration: float) -> float:
    """Standard error of twice the quadratic coefficient of a parabola through equal steps."""
    return float(2 * residual * (180 / max(1, count - 3)) ** 0.5 / max(duration, 1e-3) ** 2)


def _downward(points: Sequence[Point], window_s: float) -> float:
    down = windows = 0
    for i, (at, _, y) in enumerate(points):
        later = next((p for p in points[i + 1 :] if p[0] - at >= window_s), None)
        if later is not None:
            windows += 1
            down += later[2] > y
    if windows == 0:
        return float(points[-1][2] > points[0][2])
    return down / windows


def lost_share(track: Track) -> float:
    """The share of its time that lies between its pieces, in which nothing was seen of it."""
    longest = LOST_PICTURES / track.fps
    gaps = (later[0] - earlier[0] for earlier, later in pairwise(track.points))
    return sum(gap for gap in gaps if gap > longest) / max(track.end_s - track.start_s, 1e-3)


def aspect_of(track: Track) -> float:
    """Width over height of the track's frame."""
    return track.frame[0] / track.frame[1]

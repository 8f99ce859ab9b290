"""What the front end can be told, in seconds and fractions of the frame's height."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings that hold from 480 to 2160 rows and from 10 to 30 frames per second.

    Lengths are fractions of the frame's height, speeds fractions per second. The values were
    chosen on rendered scenes (`gatehouse eval falling --rendered`), not on real clips.
    """

    work_rows: int = 540
    """Pictures are averaged down by the least whole factor that brings them to this height."""
    lag_s: float = 0.1
    """A picture is compared with the one this long before it, and with the background."""
    background_s: float = 1.0
    """Time constant of the background."""
    activity_s: float = 6.0
    """Time constant of the activity map: long against a fall, short against a gust of wind."""
    activity_cap: int = 40
    """One passing object cannot teach the activity map more than this many levels a frame."""
    warm_up_s: float = 1.0
    """No track starts before the background and the activity map have settled."""
    threshold: float = 7.0
    """Levels by which a still pixel must differ."""
    activity_gain: float = 3.5
    """Levels that each level of mean activity adds to the threshold."""
    veto_share: float = 0.06
    """Share of pixels over the threshold that makes a change global: light, shake, a lens wiped."""
    min_area_px: int = 2
    """Least pixels of a blob, at the working scale."""
    max_side: float = 0.2
    """Largest side of a blob; larger is a person near the lens, a curtain, a lorry."""
    max_blobs: int = 160
    """Strongest blobs of a picture that are linked; the rest only count as clutter."""
    clutter_s: float = 4.0
    """Time constant of the clutter map."""
    max_speed: float = 2.5
    """Fastest motion that is linked: 60 m/s with 25 m of facade in the picture."""
    position_sigma: float = 0.002
    """Standard error of a blob's position."""
    max_gap_frames: int = 4
    """Pictures in a row in which an object may be invisible (window frames, no contrast)."""
    min_points: int = 5
    """Fewest points of a track that leaves the front end."""
    min_drop: float = 0.06
    """Least fall of a track that leaves the front end."""
    min_coverage: float = 0.6
    """Least share of pictures in which it must have been seen."""
    max_log_nfa: float = -1.0
    """A track leaves when chance would link its like less than 10^this times a day."""
    max_age_s: float = 30.0
    """A track older than this is cut off; paper drifts for so long, nothing falls for so long."""

"""Tracks into events: an object, its mirror image in the glass and its pieces are one event."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hub.rules.facade.judge import Verdict, VerdictKind, judge
from hub.rules.facade.leastsquares import evaluate, polynomial
from hub.rules.facade.site import FacadeSite
from hub.rules.facade.trajectory import aspect_of
from wire.tracks import Track

PIECE_WAY = 0.12
"""Heights that an object may come down unseen (before a window of its own brightness)."""
PIECE_GAP_S = 2.5
"""And the longest time: paper takes as long for that, a brick a tenth of it."""
PIECE_REACH = 0.04
"""Heights by which it may miss the place where the first one was heading, and more with sway."""
MIN_TAIL = 4
TAIL_S = 1.2
"""Where it was heading is read from this long before it was lost."""
MIRROR_S = 0.5
"""Tracks that share this share of the shorter one's time may be one object and its image."""
MIRROR_WAY = 0.45
"""Share by which their ways down during that time may differ: glass is tilted, and further."""
MIRROR_APART = 0.35
"""Heights between an object and its image, sideways."""


@dataclass(frozen=True, slots=True)
class FallEvent:
    """One event: the track that tells most, its verdict, and what was merged into it."""

    track: Track
    verdict: Verdict
    merged: tuple[Track, ...] = field(default=())


def events_of(tracks: Iterable[Track], site: FacadeSite | None = None) -> list[FallEvent]:
    """Judge all tracks of one camera; events that are not rejected, by time of start."""
    whole = join_pieces(list(tracks))
    judged = [(track, judge(track, site)) for track in whole]
    fallen = [pair for pair in judged if pair[1].kind is not VerdictKind.REJECTED]
    fallen.sort(key=lambda pair: (_weight(pair[0]), pair[1].score), reverse=True)
    events: list[FallEvent] = []
    for track, verdict in fallen:
        twin = next((i for i, event in enumerate(events) if same_fall(event.track, track)), None)
        if twin is None:
            events.append(FallEvent(track, verdict))
        else:
            known = events[twin]
            events[twin] = FallEvent(known.track, known.verdict, (*known.merged, track))
    return sorted(events, key=lambda event: event.verdict.start_s)


def same_fall(a: Track, b: Track) -> bool:
    """Whether two tracks are one object: simultaneous, near, and equally fast down."""
    start, end = max(a.start_s, b.start_s), min(a.end_s, b.end_s)
    shorter = min(a.end_s - a.start_s, b.end_s - b.start_s)
    if end - start < MIRROR_S * shorter or end <= start:
        return False
    (from_a, to_a), (from_b, to_b) = ((_at(one, start), _at(one, end)) for one in (a, b))
    way_a, way_b = to_a[1] - from_a[1], to_b[1] - from_b[1]
    apart = abs(from_a[0] - from_b[0]) * aspect_of(a)
    alike = abs(way_a - way_b) <= MIRROR_WAY * max(way_a, way_b, 1e-6)
    return alike and apart <= MIRROR_APART


def join_pieces(tracks: Sequence[Track]) -> list[Track]:
    """Tracks that continue one another, as one."""
    rest = sorted(tracks, key=lambda track: track.start_s)
    whole: list[Track] = []
    for track in rest:
        before = next((i for i, known in enumerate(whole) if _continues(known, track)), None)
        if before is None:
            whole.append(track)
        else:
            whole[before] = _joined(whole[before], track)
    return whole


def _continues(a: Track, b: Track) -> bool:
    gap = b.start_s - a.end_s
    if b.end_s <= a.end_s or gap > PIECE_GAP_S:
        return False
    reach = PIECE_REACH * (1 + max(0.0, gap)) + max(a.size, b.size) / 2
    if gap <= 0:  # large paper falls apart into two blobs: the new one begins beside the old
        beside = min(a.points, key=lambda p: abs(p[0] - b.start_s))
        off = ((b.points[0][1] - beside[1]) * aspect_of(a), b.points[0][2] - beside[2])
        return math.hypot(*off) <= reach
    tail = [p for p in a.points if p[0] >= a.end_s - TAIL_S]
    if len(tail) < MIN_TAIL:
        return False
    times = [p[0] - a.end_s for p in tail]
    speed = polynomial(times, [p[2] for p in tail], 1)[1]
    if speed <= 0 or speed * gap > PIECE_WAY:
        return False
    gains = 2 if gap < TAIL_S / 3 else 1
    x = evaluate(polynomial(times, [p[1] for p in tail], 1), min(gap, TAIL_S))
    y = evaluate(polynomial(times, [p[2] for p in tail], gains), gap)
    off = ((b.points[0][1] - x) * aspect_of(a), b.points[0][2] - y)
    return math.hypot(*off) <= reach


def _joined(a: Track, b: Track) -> Track:
    seconds_seen = a.coverage * (a.end_s - a.start_s) + b.coverage * (b.end_s - b.start_s)
    seconds = max(a.end_s - a.start_s + b.end_s - b.start_s, 1e-3)
    later = [i for i, point in enumerate(b.points) if point[0] > a.end_s]
    return a.model_copy(
        update={
            "points": a.points + tuple(b.points[i] for i in later),
            "boxes": a.boxes + tuple(b.boxes[i] for i in later) if a.boxes and b.boxes else (),
            "size": max(a.size, b.size),
            "contrast": min(a.contrast, b.contrast),
            "coverage": min(1.0, seconds_seen / seconds),  # of the pieces: the gap is known
            "log_nfa": a.log_nfa + b.log_nfa,
            "decided_s": min(a.decided_s, b.decided_s),
        }
    )


def _at(track: Track, moment: float) -> tuple[float, float]:
    """Where it was (x, y) at a moment from its first to its last, seen or between two sightings."""
    after = max(1, bisect_left(track.points, moment, key=lambda point: point[0]))
    (t0, x0, y0), (t1, x1, y1) = track.points[after - 1], track.points[after]
    share = (moment - t0) / (t1 - t0)
    return x0 + share * (x1 - x0), y0 + share * (y1 - y0)


def _weight(track: Track) -> float:
    """The longer way down tells more than its image, which leaves the pane sooner."""
    return track.points[-1][2] - track.points[0][2]

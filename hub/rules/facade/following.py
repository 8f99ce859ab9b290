"""Tracks that are still being told: what is known of them, and which alarms they belong to."""

from dataclasses import dataclass, replace

from hub.rules.facade.events import FallEvent, events_of, same_fall
from hub.rules.facade.site import FacadeSite
from wire.tracks import Track, TrackReport

MOST_TOLD = 12
"""Tracks that are kept at once; more than that is a storm, in which the newest tell the most."""

LOST_MS = 2_500
"""A track of which nothing was told for this long has ended, whatever became of its agent."""

KEEP_MS = 4_000
"""What has ended is remembered for so long: its image in the glass, or its next piece, follows."""


@dataclass(frozen=True, slots=True)
class Told:
    """A track as it was last told.

    zero: second 0 of its clock in event time, ms. heard: hub clock, ms. good: how often in a row it
    has been more than nothing, each time with more to go by.
    """

    stream: str
    number: int
    zero: int
    heard: int
    final: bool
    late: bool
    track: Track
    good: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """An event in what was told. ended: nothing more is to come of the track that tells most."""

    event: FallEvent
    by: Told
    ended: bool


def heard(told: tuple[Told, ...], report: TrackReport, *, at: int, now: int, late: bool) -> Told:
    """The report as it is kept; `good` goes on from what was told of the same track before."""
    known = next((one for one in told if _key(one) == (report.stream, report.number)), None)
    return Told(
        report.stream,
        report.number,
        at - round(report.track.end_s * 1000),
        now,
        report.final,
        late,
        report.track,
        0 if known is None else known.good,
    )


def taken(told: tuple[Told, ...], one: Told) -> tuple[Told, ...]:
    """With `one` in the place of what was told of it before."""
    rest = tuple(other for other in told if _key(other) != _key(one))
    return (*rest, one)[-MOST_TOLD:]


def remembered(told: tuple[Told, ...], now: int) -> tuple[Told, ...]:
    """Without what was told too long ago; a track of which nothing more came has ended."""
    return tuple(
        replace(one, final=one.final or now - one.heard >= LOST_MS)
        for one in told
        if now - one.heard < KEEP_MS
    )


def judged(
    told: tuple[Told, ...], site: FacadeSite | None, newest: Told | None
) -> tuple[tuple[Told, ...], list[Seen]]:
    """The events in what was told, and the same with `newest` counted as good or not."""
    seen: list[Seen] = []
    for stream in dict.fromkeys(one.stream for one in told):
        some = [one for one in told if one.stream == stream]
        for event in events_of([one.track for one in some], site):
            by = next(one for one in some if one.track.points[0] == event.track.points[0])
            last = next(one for one in some if one.track.points[-1] == event.track.points[-1])
            seen.append(Seen(event, by, last.final))
    if newest is None:
        return told, seen
    good = any(_of(newest.track, one.event) for one in seen)
    counted = replace(newest, good=newest.good + 1 if good else 0)
    told = tuple(counted if one is newest else one for one in told)
    return told, [replace(one, by=counted) if one.by is newest else one for one in seen]


def belongs(event: FallEvent, known: Track) -> bool:
    """Whether an event is what an alarm was raised for when it looked like `known`."""
    tracks = (event.track, *event.merged)
    return any(_shared(one, known) or same_fall(one, known) for one in tracks)


def _shared(a: Track, b: Track) -> bool:
    return not set(a.points).isdisjoint(b.points)


def _of(track: Track, event: FallEvent) -> bool:
    return any(_shared(track, one) for one in (event.track, *event.merged))


def _key(told: Told) -> tuple[str, int]:
    return told.stream, told.number

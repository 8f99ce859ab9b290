"""What many cases say together (研判): how well they were handled, what comes again and again.

Nothing here does I/O or reads a clock. Times are ms; days and weeks are the organisation's own.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hub.cases.resolution import RESOLUTIONS
from wire import Text

DAY_MS: Final = 24 * 3_600_000
WEEK_MS: Final = 7 * DAY_MS
MANY: Final = 3
"""Complaints about one matter, or of one person, from which on they are listed."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One case as far as figures need it.

    late: a step of it was not done in time. reopened: how often. person: a pseudonym of whoever
    complained, where known. rating: the average of what `raters` people said.
    department: who handles it, where it was sent to one. place: its name; a device's or what was
    written.
    """

    id: str
    number: str
    category: str
    source: str
    device: str | None
    place: Text | None
    opened_at: int
    closed_at: int | None
    resolution: str | None
    rating: float | None
    late: bool
    reopened: int
    person: str | None = None
    department: str | None = None
    raters: int = 1


@dataclass(frozen=True, slots=True)
class Score:
    """How some cases were handled. Shares are of those that they can be said of; None for none.

    on_time: of the closed. rated: average, 1 to 5; ratings: how many. false_alarms: of the closed.
    """

    opened: int
    closed: int
    open_now: int
    on_time: float | None
    reopened: int
    rated: float | None
    ratings: int
    false_alarms: float | None
    hours: float | None


@dataclass(frozen=True, slots=True)
class Matter:
    """One place and category with many complaints (一事多诉). cases: newest first."""

    place: Text
    category: str
    count: int
    open_now: int
    last_at: int
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Complainant:
    """One person with many complaints (一人多诉), by a pseudonym.

    categories: with how many each. cases: newest first.
    """

    person: str
    count: int
    open_now: int
    last_at: int
    categories: Mapping[str, int]
    cases: tuple[str, ...]


def score(facts: Sequence[Fact]) -> Score:
    """How they were handled."""
    closed = [one for one in facts if one.closed_at is not None]
    rated = [(one.rating, one.raters) for one in facts if one.rating is not None]
    ratings = sum(raters for _, raters in rated)
    hours = sorted((one.closed_at or 0) - one.opened_at for one in closed)
    return Score(
        opened=len(facts),
        closed=len(closed),
        open_now=len(facts) - len(closed),
        on_time=_share(closed, lambda one: not one.late),
        reopened=sum(one.reopened > 0 for one in facts),
        rated=round(sum(one * raters for one, raters in rated) / ratings, 2) if ratings else None,
        ratings=ratings,
        false_alarms=_share(closed, _false),
        hours=round(hours[len(hours) // 2] / 3_600_000, 1) if hours else None,
    )


def scores(facts: Iterable[Fact], key: Callable[[Fact], str | None]) -> dict[str, Score]:
    """The same by a key, the most cases first; what has none is left out."""
    groups: defaultdict[str, list[Fact]] = defaultdict(list)
    for one in facts:
        name = key(one)
        if name is not None:
            groups[name].append(one)
    ordered = sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return {name: score(own) for name, own in ordered}


def matters(facts: Iterable[Fact], many: int = MANY) -> list[Matter]:
    """Places and categories with many complaints, the most first. Alarms are no complaints."""
    groups: defaultdict[tuple[str, str], list[Fact]] = defaultdict(list)
    for one in facts:
        place = one.device or (None if one.place is None else one.place.zh)
        if place is not None and one.source != "alarm":
            groups[place, one.category].append(one)
    found = [
        Matter(
            place=_newest(own)[0].place or Text.plain(place),
            category=category,
            count=len(own),
            open_now=sum(one.closed_at is None for one in own),
            last_at=max(one.opened_at for one in own),
            cases=tuple(one.id for one in _newest(own)),
        )
        for (place, category), own in groups.items()
        if len(own) >= many
    ]
    return sorted(found, key=lambda one: (-one.count, -one.last_at))


def complainants(facts: Iterable[Fact], many: int = MANY) -> list[Complainant]:
    """People with many complaints, the most first."""
    groups: defaultdict[str, list[Fact]] = defaultdict(list)
    for one in facts:
        if one.person is not None:
            groups[one.person].append(one)
    found = [
        Complainant(
            person=person,
            count=len(own),
            open_now=sum(one.closed_at is None for one in own),
            last_at=max(one.opened_at for one in own),
            categories=dict(Counter(one.category for one in own).most_common()),
            cases=tuple(one.id for one in _newest(own)),
        )
        for person, own in groups.items()
        if len(own) >= many
    ]
    return sorted(found, key=lambda one: (-one.count, -one.last_at))


def by_category(facts: Iterable[Fact]) -> dict[str, int]:
    """How many of each category, the most first."""
    counted = Counter(one.category for one in facts)
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def by_span(facts: Iterable[Fact], begins: Sequence[int], until: int) -> dict[str, list[int]]:
    """How many of each category began in each span; `begins` in order, the last ends at `until`."""
    ends = [*begins[1:], until]
    counted: defaultdict[str, list[int]] = defaultdict(lambda: [0] * len(begins))
    for one in facts:
        for row, (begin, end) in enumerate(zip(begins, ends, strict=True)):
            if begin <= one.opened_at < end:
                counted[one.category][row] += 1
    return dict(sorted(counted.items(), key=lambda pair: (-sum(pair[1]), pair[0])))


def _false(one: Fact) -> bool:
    known = RESOLUTIONS.get(one.resolution or "")
    return known is not None and known.genuine is False


def _newest(facts: Iterable[Fact]) -> list[Fact]:
    return sorted(facts, key=lambda one: (-one.opened_at, one.id))


def _share(facts: Sequence[Fact], wanted: Callable[[Fact], bool]) -> float | None:
    return round(sum(map(wanted, facts)) / len(facts), 4) if facts else None

"""What staff found where a detector had alarmed: how often it was right, and how sure that is."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hub.cases.resolution import RESOLUTIONS
from wire import Text

_Z95: Final = 1.959964


class Verdict(StrEnum):
    """What the case of an alarm says about the alarm."""

    TRUE = "true"
    FALSE = "false"
    UNTOLD = "untold"  # it ended, and whether the alarm was right stays open
    OPEN = "open"  # nobody has reported yet


@dataclass(frozen=True, slots=True)
class Detector:
    """Something that looks and says what it saw. conditions: the alarms that come of it."""

    id: str
    name: Text
    conditions: tuple[str, ...]


DETECTORS: Final = (
    Detector("ebike", Text(zh="电动车进电梯", en="E-bike in an elevator"), ("ebike-in-elevator",)),
    Detector(
        "falling",
        Text(zh="高空抛物", en="Falling objects"),
        ("falling-object", "drifting-object"),
    ),
)


@dataclass(frozen=True, slots=True)
class Told:
    """So many alarms of a device in one span of a time, alike in how their case ended.

    span: its number, from 0. resolution: None while there is none.
    """

    condition: str
    device: str
    span: int
    resolution: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Verdicts on some alarms.

    share: of those said to be true or false, the true ones; low, high: its 95 % interval. None
    where nobody has said anything.
    """

    alarms: int
    true: int
    false: int
    untold: int
    open: int
    share: float | None
    low: float | None
    high: float | None


def verdict(resolution: str | None) -> Verdict:
    """What a case's resolution says about its alarm."""
    if resolution is None:
        return Verdict.OPEN
    known = RESOLUTIONS.get(resolution)
    if known is None or known.genuine is None:
        return Verdict.UNTOLD
    return Verdict.TRUE if known.genuine else Verdict.FALSE


def tally(told: Iterable[Told]) -> Tally:
    """The verdicts together."""
    counts = dict.fromkeys(Verdict, 0)
    for one in told:
        counts[verdict(one.resolution)] += one.count
    true, false = counts[Verdict.TRUE], counts[Verdict.FALSE]
    judged = true + false
    low, high = wilson(true, judged) if judged else (None, None)
    return Tally(
        alarms=sum(counts.values()),
        true=true,
        false=false,
        untold=counts[Verdict.UNTOLD],
        open=counts[Verdict.OPEN],
        share=true / judged if judged else None,
        low=low,
        high=high,
    )


def by_span(told: Sequence[Told], spans: int) -> list[Tally]:
    """The same for each of so many spans."""
    return [tally(one for one in told if one.span == number) for number in range(spans)]


def by_device(told: Sequence[Told]) -> dict[str, Tally]:
    """The same for each device: whose alarms were false most often comes first."""
    tallies = {
        name: tally(one for one in told if one.device == name)
        for name in {one.device for one in told}
    }
    return dict(sorted(tallies.items(), key=_worst_first))


def wilson(hits: int, count: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927); (0, 1) without a trial."""
    if count == 0:
        return 0.0, 1.0
    share, z = hits / count, _Z95
    middle = share + z * z / (2 * count)
    reach = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


def _worst_first(pair: tuple[str, Tally]) -> tuple[int, int, str]:
    name, one = pair
    return -one.false, -one.alarms, name

"""Whether a pressure is falling fast, told from a single bad sample.

The middle one of the three oldest samples in the window is where it came from; the higher one of
the two newest is where it is. One outlier can move neither.
"""

Sample = tuple[int, float]
"""When, ms, and how much."""

_OLDEST = 3
_NEWEST = 2
_PER_WINDOW = 12


def taken(samples: tuple[Sample, ...], sample: Sample, window_ms: int) -> tuple[Sample, ...]:
    """The samples of the window that ends with `sample`, at most 14 of them.

    A sample closer to the one before than a twelfth of the window is left out, so that a sensor
    that reports ten times a second costs no more than one that reports once.
    """
    at = sample[0]
    if samples and (at - samples[-1][0]) * _PER_WINDOW < window_ms:
        return samples
    first = 0
    while first < len(samples) and at - samples[first][0] > window_ms:
        first += 1
    return (*samples[first:], sample)


def drop(samples: tuple[Sample, ...]) -> float | None:
    """How far the pressure fell within the window; None while there are too few samples."""
    if len(samples) < _OLDEST + _NEWEST:
        return None
    before = sorted(value for _, value in samples[:_OLDEST])[_OLDEST // 2]
    return before - max(samples[-1][1], samples[-_NEWEST][1])

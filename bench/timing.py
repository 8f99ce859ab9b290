"""How long something took, and how that is told."""

import statistics
import time
from collections.abc import Callable


def took(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds, and seconds of this process's own processor time."""
    began, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - cpu


def told(seconds: list[float]) -> dict[str, float]:
    """Median and p95, in ms."""
    return {
        "p50": round(statistics.median(seconds) * 1e3, 2),
        "p95": round(statistics.quantiles(seconds, n=20)[-1] * 1e3, 2),
    }

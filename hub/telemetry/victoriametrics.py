"""Telemetry in VictoriaMetrics: written through its v2 write endpoint, read in MetricsQL."""

import json
import re
from typing import Any, Final

from hub.telemetry.http import Http
from hub.telemetry.port import Bucket, Span
from hub.telemetry.server import MEASUREMENT, AwayError
from hub.telemetry.writing import LineWriter

SETTLE_S: Final = 15.0
"""It keeps what is new in memory for about 5 s before it is on the disk; three times that."""

_STARTED: Final = re.compile(rb"^vm_app_start_timestamp (\S+)", re.MULTILINE)
_NOT_FOR_US: Final = frozenset({401, 403, 404})
_LOW, _MEAN, _HIGH = _FIGURES = ("min_over_time", "avg_over_time", "max_over_time")
_QUERY: Final = "aggr_over_time(({}),{{series}})".format(",".join(f'"{one}"' for one in _FIGURES))
"""All in one pass over the values; `rollup()` would widen a window in which few values lie."""

_LATEST: Final = "1s"
"""Newer versions take it in the query; older ones hide the last 30 s unless started with it."""


class VictoriaMetrics:
    """A single node, or the vmauth in front of a cluster.

    Two values of one signal at one moment are one there when it runs with
    `-dedup.minScrapeInterval=1ms`, which also makes points that were sent twice one.
    """

    settle_s = SETTLE_S

    def __init__(self, url: str, *, token: str | None = None) -> None:
        self._writer = LineWriter(url, org="-", bucket=MEASUREMENT, token=token)
        self._http = Http(url, scheme="Bearer", token=token)
        self.write = self._writer.write

    def life(self) -> str:
        """See `Server.life`: the second in which it was started.

        Empty where a proxy in front keeps it to itself: then time alone says what is safe.
        """
        try:
            found = _STARTED.search(self._http.get("/metrics"))
        except AwayError as error:
            if error.status in _NOT_FOR_US:
                return ""
            raise
        return "" if found is None else found[1].decode()

    def series(self, span: Span) -> list[Bucket]:
        """See `Server.series`.

        A value at t covers `(t - width, t]`, in whole ms: asked for 1 ms before each bucket's end,
        it covers the bucket, its end excluded.
        """
        width = max(1, -(-(span.end - span.start) // max(1, span.points)))
        labels = f'site="{span.site}",device="{span.device}",signal="{span.signal}"'
        last = span.start + width * -(-(span.end - span.start) // width) - 1
        body = self._http.get(
            "/api/v1/query_range",
            {
                "query": _QUERY.format(series=f"{MEASUREMENT}_value{{{labels}}}[{width}ms]"),
                "start": f"{(span.start + width - 1) / 1000:.3f}",
                "end": f"{last / 1000:.3f}",
                "step": f"{width}ms",
                "nocache": "1",
                "latency_offset": _LATEST,
            },
        )
        return _buckets(json.loads(body), span, width)

    def close(self) -> None:
        """See `Server.close`."""
        self._writer.close()
        self._http.close()


def _buckets(answer: Any, span: Span, width: int) -> list[Bucket]:
    figures: dict[int, dict[str, float]] = {}
    for one in answer["data"]["result"]:
        name = one["metric"]["rollup"]
        for second, value in one["values"]:
            start = round(float(second) * 1000) + 1 - width
            figures.setdefault(start, {})[name] = float(value)
    return [
        (start, found[_LOW], found[_MEAN], found[_HIGH])
        for start, found in sorted(figures.items())
        if start < span.end
    ]

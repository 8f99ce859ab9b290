"""Telemetry in InfluxDB: written through the v2 API, read in InfluxQL, which 1.x to 3.x share."""

import json
from typing import Any

from hub.telemetry.http import Http
from hub.telemetry.port import Bucket, Span
from hub.telemetry.server import MEASUREMENT
from hub.telemetry.writing import LineWriter


class InfluxDb:
    """One bucket, under whose name `/query` knows it as a database.

    What it has acknowledged is in its write-ahead log on the disk: there is nothing to wait for.
    """

    settle_s = 0.0

    def __init__(self, url: str, *, org: str, bucket: str, token: str | None = None) -> None:
        self._bucket = bucket
        self._writer = LineWriter(url, org=org, bucket=bucket, token=token)
        self._http = Http(url, scheme="Token", token=token)
        self.write = self._writer.write

    def life(self) -> str:
        """See `Server.life`: since nothing is lost with a life, all are alike."""
        return ""

    def series(self, span: Span) -> list[Bucket]:
        """See `Server.series`."""
        width = max(1, -(-(span.end - span.start) // max(1, span.points)))
        tags = {"site": span.site, "device": span.device, "signal": span.signal}
        where = "".join(f" AND \"{name}\" = '{value}'" for name, value in tags.items())
        query = (
            f'SELECT min("value"), mean("value"), max("value") FROM "{MEASUREMENT}"'  # noqa: S608
            f" WHERE time >= {span.start}ms AND time < {span.end}ms{where}"
            f" GROUP BY time({width}ms, {span.start % width}ms) fill(none)"
        )
        body = self._http.get("/query", {"db": self._bucket, "epoch": "ms", "q": query})
        return _buckets(json.loads(body))

    def close(self) -> None:
        """See `Server.close`."""
        self._writer.close()
        self._http.close()


def _buckets(answer: Any) -> list[Bucket]:
    return [
        (int(at), float(low), float(mean), float(high))
        for result in answer["results"]
        for one in result.get("series", ())
        for at, low, mean, high in one["values"]
    ]

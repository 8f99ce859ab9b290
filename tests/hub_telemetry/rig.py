"""A back end as the hub runs it: store, writer, spool and delivery, without the rest of the hub."""

import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import urllib3
from sqlalchemy import text

from hub.app.measuring import count_dropped, set_aside
from hub.pipeline import Priority, Writer
from hub.store import open_store
from hub.telemetry import Keep, Point, Span
from hub.telemetry.database import DatabaseTelemetry
from hub.telemetry.delivery import Delivery, Pace
from hub.telemetry.influxdb import InfluxDb
from hub.telemetry.remote import RemoteTelemetry
from hub.telemetry.spool import Spool
from hub.telemetry.victoriametrics import VictoriaMetrics
from tests.hub_telemetry.servers import Proxy

SITE = "court"
NOW = time.time_ns() // 1_000_000
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
WITHIN_S = 60.0
TOKEN = "a-token-of-the-tests"
PACE = Pace(idle_s=0.05, first_s=0.05, longest_s=0.4)


def until(found, within_s=WITHIN_S):
    deadline = time.monotonic() + within_s
    while not (value := found()):
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.05)
    return value


class Rig:
    """kind: of the back end. url: of its server."""

    def __init__(self, folder: Path, kind: str, url: str = "", *, spool_bytes=1 << 24) -> None:
        self.kind, self._folder, self._url, self._spool_bytes = kind, folder, url, spool_bytes
        self.device = f"fw-{time.monotonic_ns()}"
        self._seq = 0
        self.open()

    def open(self) -> None:
        self._stack = ExitStack()
        self.store = open_store(self._folder / "hub.db")
        self._stack.callback(self.store.close)
        self.writer = self._stack.enter_context(Writer(self.store.writer))
        if self.kind == "sqlite":
            self.telemetry = DatabaseTelemetry(self.store.reader, Keep())
            return
        server = self.server = (
            VictoriaMetrics(self._url, token=TOKEN)
            if self.kind == "victoriametrics"
            else InfluxDb(self._url, org="-", bucket="gatehouse", token=TOKEN)
        )
        self._stack.callback(server.close)
        spool = self.spool = Spool(max_bytes=self._spool_bytes, dropped=count_dropped)
        self.telemetry = RemoteTelemetry(server, spool, Keep())
        self._stack.enter_context(
            Delivery(
                server,
                spool,
                reader=self.store.reader,
                submit=partial(self.writer.submit, Priority.TELEMETRY),
                set_aside=partial(set_aside, now=NOW),
                pace=PACE,
            )
        )

    def close(self) -> None:
        self._stack.close()

    def restart(self) -> None:
        self.close()
        self.open()

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def add(self, values, *, urgent=False, device=None) -> None:
        """values: (at, value) pairs, in one transaction of the hub's."""
        points = []
        for at, value in values:
            self._seq += 1
            name = device or self.device
            points.append(Point(SITE, name, "pressure", at, value, 1, self._seq, 0, urgent))

        def work(connection) -> None:
            self.telemetry.append(connection, points)

        self.writer.submit(Priority.TELEMETRY, work).result(30)

    def series(self, start, end, points, device=None):
        return self.telemetry.series(
            Span(SITE, device or self.device, "pressure", start, end, points)
        )

    def sql(self, statement: str):
        with self.store.reader.connect() as connection:
            return connection.execute(text(statement)).all()

    def counters(self) -> dict[str, int]:
        return dict(tuple(row) for row in self.sql("SELECT name, value FROM site_counter"))

    def wait_delivered(self) -> None:
        """Until the server has confirmed everything, and shows it.

        VictoriaMetrics remembers for seconds that there was nothing: it is not asked before.
        """
        if self.kind == "sqlite":
            return
        until(lambda: self._undelivered() == 0)
        if self.kind == "victoriametrics":
            urllib3.request("GET", f"{self._url}/internal/force_flush")

    def _undelivered(self) -> int:
        delivered = self.spool.delivered
        rows = self.sql("SELECT urgent, max(id) FROM telemetry_spool GROUP BY urgent")
        return sum(last > delivered[bool(urgent)] for urgent, last in rows)

    def spooled(self) -> int:
        return self.sql("SELECT coalesce(sum(points), 0) FROM telemetry_spool")[0][0]


def proxied(kind: str, url: str) -> Proxy:
    return Proxy(url, v1_write=kind == "influxdb")

"""The half of `bench.storage` that is about points of telemetry: in the databases, on a server."""

import tempfile
import time
from pathlib import Path
from typing import Final

from sqlalchemy import text

from bench.report import emit
from bench.stores import Measured
from bench.timing import told, took
from hub.telemetry import Keep, Point, Span
from hub.telemetry.database import DatabaseTelemetry
from hub.telemetry.lines import line_of
from hub.telemetry.rollup import LEVELS, hour_of
from hub.telemetry.victoriametrics import VictoriaMetrics
from tests.hub_telemetry.servers import VictoriaMetricsServer

SITE: Final = "bench"
DAY: Final = 86_400_000
SENSORS: Final = 20
BATCH: Final = 500
LINES: Final = 5_000
"""What the hub delivers to a server at once."""

CHARTS: Final = 40
WITHIN_S: Final = 120.0

_NUMBERS: Final = {
    "sqlite": (
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)"
    ),
    "postgresql": "WITH n(i) AS (SELECT generate_series(0, CAST(:count AS bigint) - 1))",
}
_FILL: Final = """
{numbers}
INSERT INTO point (series_id, at, stream_id, seq, idx, value)
SELECT :series, :start + i * :step, 1, i * :sensors + :sensor, 0, 0.3 + i % 100 / 1000.0 FROM n
"""
_ROLL: Final = """
INSERT INTO rollup (series_id, level, at, low, total, count, high)
SELECT series_id, {level}, at - at % {level}, min(value), sum(value), count(*), max(value)
FROM point WHERE at >= :start AND at < :end GROUP BY 1, 2, 3
"""


def in_database(made: Measured, rows: int, timed: int, end: int) -> None:
    """Points in the hub's own database."""
    telemetry = DatabaseTelemetry(made.store.reader, Keep())
    each, before, began = rows // SENSORS, made.size("point"), time.perf_counter()
    step, filled = 30 * DAY // each, (rows - timed) // SENSORS
    for sensor in range(SENSORS):
        _fill(made, telemetry, sensor, filled, end - 30 * DAY, step)
    made.settle("point")
    filling, began = time.perf_counter() - began, time.perf_counter()
    for first in range(filled, each, BATCH // SENSORS):
        numbers = range(first, min(each, first + BATCH // SENSORS))
        some = _points(numbers, end - 30 * DAY, step)
        made.write(lambda connection, batch=some: telemetry.append(connection, batch))
    seconds = time.perf_counter() - began
    weight = (made.size("point") - before) / (each * SENSORS)
    _roll_at_once(made, {"start": end - 30 * DAY, "end": hour_of(end - 30 * DAY + filled * step)})
    hours, began = 0, time.perf_counter()
    while more := made.write(lambda connection: telemetry.roll(connection, end + DAY)):
        hours += more
    rolling = time.perf_counter() - began
    made.settle("rollup")
    charts = _charts(telemetry, end)
    made.chill()
    cold = _charts(telemetry, end, SENSORS)
    emit(
        "storage",
        f"{made.name}: telemetry",
        rows=each * SENSORS,
        filled_s=round(filling, 1),
        rows_per_s=round((each - filled) * SENSORS / seconds),
        bytes_per_row=round(weight),
        downsampled_hours_per_s=round(hours / rolling),
        month_of_one_sensor_ms=told([wall for wall, _ in charts]),
        month_of_one_sensor_cpu_ms=told([cpu for _, cpu in charts]),
        month_after_all_was_forgotten_ms=told([wall for wall, _ in cold]),
    )


def in_victoriametrics(rows: int, end: int) -> None:
    """Points on a server, written in the batches and by the client of the hub's delivery."""
    if VictoriaMetricsServer.installed() is None:
        return
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        server = VictoriaMetricsServer(Path(name))
        server.start()
        try:
            _on_server(server, Path(name), rows, end)
        finally:
            server.kill()


def _on_server(server: VictoriaMetricsServer, folder: Path, rows: int, end: int) -> None:
    client = VictoriaMetrics(server.url)
    each, seconds, cpu, batch = rows // SENSORS, 0.0, 0.0, LINES // SENSORS
    step, before = 30 * DAY // each, _weight(folder)
    for first in range(0, each, batch):
        numbers = range(first, min(each, first + batch))
        some = _points(numbers, end - 30 * DAY, step)
        lines = "\n".join(map(line_of, some)).encode()
        wall, own = took(lambda body=lines: client.write(body))
        seconds, cpu = seconds + wall, cpu + own
    server.get("/internal/force_flush")
    deadline = time.monotonic() + WITHIN_S
    while not client.series(_month(0, end)) and time.monotonic() < deadline:
        time.sleep(0.5)  # it shows what it has after some seconds
    charts = _charts(client, end)
    emit(
        "storage",
        "victoriametrics: telemetry",
        rows=each * SENSORS,
        rows_per_s=round(each * SENSORS / seconds),
        client_cpu_us_per_row=round(cpu / (each * SENSORS) * 1e6, 2),
        bytes_per_row=round((_weight(folder) - before) / (each * SENSORS), 2),
        month_of_one_sensor_ms=told([wall for wall, _ in charts]),
        month_of_one_sensor_cpu_ms=told([own for _, own in charts]),
    )
    client.close()


def _fill(
    made: Measured, telemetry: DatabaseTelemetry, sensor: int, count: int, start: int, step: int
) -> None:
    one = _point(sensor, -1, start, step)
    made.write(lambda connection: telemetry.append(connection, [one]))
    key = text("SELECT id FROM series WHERE device = :device")
    series = made.write(lambda connection: connection.scalar(key, {"device": one.device}))
    place = {"series": series, "start": start, "step": step, "count": count}
    place |= {"sensors": SENSORS, "sensor": sensor}
    fill = text(_FILL.format(numbers=_NUMBERS[made.name]))
    made.write(lambda connection: connection.execute(fill, place))


def _roll_at_once(made: Measured, span: dict[str, int]) -> None:
    for level in LEVELS:
        roll = text(_ROLL.format(level=level))
        made.write(lambda connection, one=roll: connection.execute(one, span))


def _points(numbers: range, start: int, step: int) -> list[Point]:
    return [_point(sensor, n, start, step) for n in numbers for sensor in range(SENSORS)]


def _point(sensor: int, number: int, start: int, step: int) -> Point:
    at, value = start + number * step, 0.3 + number % 100 / 1000
    return Point(SITE, f"fw-{sensor}", "pressure", at, value, 1, number * SENSORS + sensor, 0)


def _month(sensor: int, end: int) -> Span:
    return Span(SITE, f"fw-{sensor}", "pressure", end - 30 * DAY, end, 600)


def _charts(
    telemetry: DatabaseTelemetry | VictoriaMetrics, end: int, count: int = CHARTS
) -> list[tuple[float, float]]:
    return [took(lambda n=n: telemetry.series(_month(n % SENSORS, end))) for n in range(count)]


def _weight(folder: Path) -> int:
    return sum(file.stat().st_blocks * 512 for file in folder.rglob("*") if file.is_file())

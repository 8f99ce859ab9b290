"""Figures of long absences, quick returns and too much at once."""

import asyncio
import multiprocessing
import os
import sqlite3
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from bench.usage import Usage
from edge.outbox import Outbox, Quotas
from edge.outbox.entry import Entry
from hub.ingest import Ingest
from hub.mqtt import Delivery
from simulators.mosquitto import Mosquitto
from simulators.processes import HubProcess
from tests.faults.nursery import Nursery
from tests.faults.town import SITE, a_hub, write_site
from tests.hub_machinery.estate import Agent as Speaker
from tests.hub_machinery.estate import Line, a_line, gate, pressure
from wire import ContentType, Lane, Observation
from wire.observation import encode_observations

WEEK_S = 7 * 24 * 3600
WEEK_MIB = 512
RESTARTS = 5
ROWS = 1_000_000
FLOOD = 40_000
EVENTS = 200
SETTLED_WITHIN_S = 180.0
CHUNK = 256
ALLOWED_S = 10.0
FIRST_START_S = 300.0
"""Compiles every module, and makes the store; counted nowhere."""


async def week_offline(
    folder: Path, _broker: Mosquitto, _nursery: Nursery, *, events: int = WEEK_S
) -> dict[str, Any]:
    """One event a second for a week into an outbox of 512 MiB, each with its own record id."""
    path = folder / "outbox.db"
    began = time.monotonic()
    async with Outbox(path, Quotas(max_mib=WEEK_MIB)) as outbox:
        for first in range(0, events, CHUNK):
            numbers = range(first, min(first + CHUNK, events))
            await outbox.append_all([_passage(number) for number in numbers])
        filled_s = time.monotonic() - began
        view = outbox.lanes[Lane.EVENT]
    size = await asyncio.to_thread(_weight, path)
    again = time.monotonic()
    async with Outbox(path, Quotas(max_mib=WEEK_MIB)) as outbox:
        opened_s = time.monotonic() - again
        first_read = time.monotonic()
        rows = await outbox.unacked(Lane.EVENT, 0, 32)
        read_s = time.monotonic() - first_read
    faults = {}
    if (view.rows, view.dropped, rows[0].seq) != (events, 0, 1):
        faults["held"] = (view.rows, view.dropped, rows[0].seq)
    return {
        "events": events,
        "disk_mib": round(size / 2**20, 1),
        "bytes_per_event": round(size / events),
        "allowed_mib": WEEK_MIB,
        "append_s": round(filled_s, 1),
        "reopen_s": round(opened_s, 2),
        "first_rows_s": round(read_s, 4),
        "faults": faults,
    }


def _weight(database: Path) -> int:
    """Bytes of a database with its log."""
    return sum(file.stat().st_size for file in (database, Path(f"{database}-wal")) if file.exists())


def _passage(number: int) -> Entry:
    at = 1_760_000_000_000 + number * 1000
    signals = {"event": "granted", "credential": f"card-{number % 5000:08d}", "direction": "in"}
    said = Observation(
        device="gate-1", kind="gate", at=at, seen=at, source_id=f"{number:08d}", signals=signals
    )
    records = (("gate-1", f"{number:08d}"),)
    return Entry(Lane.EVENT, ContentType.OBSERVATIONS, encode_observations([said]), 1, records)


async def restart(
    folder: Path, broker: Mosquitto, _nursery: Nursery, *, times: int = RESTARTS, rows: int = ROWS
) -> dict[str, Any]:
    """From the start of a killed hub to its first answer, its imports included."""
    write_site(folder, {"a": {"a-gate": "gate", "a-fw": "water-pressure"}})
    hub = a_hub(folder, broker)
    await asyncio.to_thread(hub.start)
    await asyncio.to_thread(hub.wait_ready, FIRST_START_S)
    url = hub.url
    hub.kill()
    _stuff(folder / "hub" / "hub.db", rows)
    taken = [await asyncio.to_thread(_serve_again, hub, url) for _ in range(times + 1)]
    taken = taken[1:]  # the first reads the stuffed file into the page cache
    walls, cpus = [wall for wall, _ in taken], [cpu for _, cpu in taken]
    faults = {} if max(walls) <= ALLOWED_S else {"serving": max(walls)}
    return {
        "kills": times,
        "rows": rows,
        "serving_p50_s": round(median(walls), 2),
        "serving_max_s": round(max(walls), 2),
        "cpu_p50_s": round(median(cpus), 2),
        "allowed_s": ALLOWED_S,
        "faults": faults,
    }


def _stuff(database: Path, rows: int) -> None:
    """A store as it is after a while: so many stored observations, the last of them in the log."""
    connection = sqlite3.connect(database)
    connection.execute(
        "INSERT INTO stream (site, agent, boot, lane, upto, ranges, first_at, last_at)"
        " VALUES (?, 'a', 'f', 'event', ?, '[]', 0, 0)",
        (SITE, rows),
    )
    (stream,) = connection.execute("SELECT id FROM stream WHERE boot = 'f'").fetchone()
    connection.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
        " INSERT INTO observation (stream_id, seq, idx, site, device, kind, at, received_at, late,"
        " source_id, signals) SELECT ?, i, 0, ?, 'a-gate', 'gate', ? + i, ? + i, 0, i,"
        ' \'{"event":"granted","direction":"in"}\' FROM n',
        (rows, stream, SITE, *[time.time_ns() // 1_000_000 - rows] * 2),
    )
    connection.commit()
    connection.close()


def _serve_again(hub: HubProcess, url: str) -> tuple[float, float]:
    """Start it, wait for its first answer, kill it: seconds, and processor seconds, of that."""
    began = time.monotonic()
    hub.start()
    while not _answers(url):
        assert hub.running, f"the hub ended: {hub.said()[-800:]}"
        time.sleep(0.01)
    taken = time.monotonic() - began, Usage.of(hub.pid).cpu_s
    hub.kill()
    return taken


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/api/health", timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


async def overload(
    folder: Path, _broker: Mosquitto, _nursery: Nursery, *, flood: int = FLOOD
) -> dict[str, Any]:
    """Far more than the hub can store is thrown at its mouth; life safety comes between.

    In a process of its own: the most memory a process ever took is told only for its whole life.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone:
        return await asyncio.get_running_loop().run_in_executor(alone, _overload, folder, flood)


def _overload(folder: Path, flood: int) -> dict[str, Any]:
    broker = _Broker()
    with a_line(folder) as line:
        noisy, calm = Speaker("water"), Speaker("gates")
        messages = [noisy.message(pressure(1_760_000_000_000 + n, 0.3), lane=Lane.TELEMETRY)
                    for n in range(flood)]  # fmt: skip
        urgent = [calm.message(gate(1_760_000_000_000 + n, "state")) for n in range(EVENTS)]
        ingest = Ingest(
            line.pipeline, hub_boot="0" * 16, publish=lambda *_: True, heard=lambda _: None,
            now=lambda: 1_760_000_000_000,
        )  # fmt: skip
        before = Usage.of(os.getpid())
        most = 0
        with ingest:
            began = time.monotonic()
            for number, (topic, payload, _) in enumerate(messages):
                ingest.delivered([Delivery(topic, payload, False, number + 1, broker)])
                if number % (flood // EVENTS) == 0:
                    ingest.delivered([Delivery(*urgent.pop()[:2], False, flood + 1, broker)])
                if number % 500 == 0:
                    most = max(most, ingest.health().waiting)
            handed_s = time.monotonic() - began
            total = flood + EVENTS - len(urgent)
            deadline = time.monotonic() + SETTLED_WITHIN_S
            while _settled(line, ingest) < total and time.monotonic() < deadline:
                time.sleep(0.05)
            after = Usage.of(os.getpid())
        stored_s = time.monotonic() - began
        shed = dict(ingest.health().shed)
        counts = line.counters()
        points = line.sql("SELECT COUNT(*) FROM point")[0][0]
        said = EVENTS - len(urgent)
        events = line.sql("SELECT COUNT(*) FROM observation")[0][0]
    faults = {}
    if events != said:
        faults["events"] = (events, said)
    if points + shed.get("telemetry", 0) != flood:
        faults["telemetry"] = (points, shed, flood)
    rate = counts["stored"] / stored_s
    return {
        "handed_in_per_s": round(flood / handed_s),
        "stored_per_s": round(rate),
        "times_too_much": round(flood / handed_s / rate, 1),
        "most_waiting": most,
        "shed": shed,
        "events_of_another_agent": events,
        "rss_growth_mb": round(after.peak_mb - before.rss_mb, 1),
        "faults": faults,
    }


class _Broker:
    """Forgets what it may."""

    def acknowledge(self, numbers: list[int]) -> None:
        del numbers


def _settled(line: Line, ingest: Ingest) -> int:
    """Messages that are stored, or were shed."""
    return line.counters().get("stored", 0) + sum(ingest.health().shed.values())

"""Power fails in the middle of writing: what was acknowledged is there afterwards."""

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from edge.outbox import Outbox
from tests.faults.power import NoPowerDiskError, PowerDisk
from wire import Lane

ROOT = Path(__file__).parents[2]
CUTS = 5

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def disk(tmp_path):
    disk = PowerDisk(tmp_path)
    try:
        disk.__enter__()
    except NoPowerDiskError as error:
        pytest.skip(str(error))
    yield disk
    disk.__exit__(None, None, None)


def test_disk_loses_what_was_not_synced_and_keeps_what_was(disk):
    """The method itself: it can tell a database that syncs from one that does not."""
    kept = {}
    for mode in ("OFF", "FULL"):
        connection = sqlite3.connect(disk.folder / f"{mode}.db", isolation_level=None)
        connection.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = {mode};")
        connection.execute("CREATE TABLE t (n INTEGER)")
        for number in range(200):
            connection.execute("INSERT INTO t VALUES (?)", (number,))
        kept[mode] = connection
    disk.cut()
    for connection in kept.values():
        with pytest.raises(sqlite3.OperationalError):
            connection.execute("INSERT INTO t VALUES (-1)")
        connection.close()
    disk.restore()
    assert _count(disk.folder / "FULL.db") == 200
    assert _count(disk.folder / "OFF.db") < 200


def _count(database):
    connection = sqlite3.connect(database)
    try:
        return connection.execute("SELECT COUNT(*) FROM t").fetchone()[0]
    except sqlite3.DatabaseError:  # not even the table
        return 0
    finally:
        connection.close()


async def test_every_envelope_that_the_outbox_confirmed_survives_power_loss(disk, seed):
    draw, path = random.Random(seed), disk.folder / "o.db"
    confirmed = dict.fromkeys(Lane, 0)
    for _ in range(CUTS):
        for lane, seq in await asyncio.to_thread(_write_and_cut, disk, path, draw):
            confirmed[lane] = max(confirmed[lane], seq)
    async with Outbox(path) as outbox:
        for lane in Lane:
            rows = await outbox.unacked(lane, 0, 10**6, max_bytes=2**40)
            assert [row.seq for row in rows] == [*range(1, outbox.lanes[lane].head + 1)]
            assert outbox.lanes[lane].head >= confirmed[lane] > 0


def _write_and_cut(disk, path, draw):
    """Let a writer work, cut the power at some point of its work; what it was told before."""
    script = Path(__file__).with_name("outbox_writer.py")
    writer = subprocess.Popen(
        [sys.executable, script, path],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    told = [writer.stdout.readline() for _ in range(draw.randrange(20, 400))]
    disk.cut()
    writer.send_signal(signal.SIGKILL)
    rest, _ = writer.communicate(timeout=30)
    disk.restore()
    whole = [line for line in told + rest.splitlines(keepends=True) if line[-1:] == "\n"]
    lines = [line.split() for line in whole if line.startswith("told ")]  # its log goes there too
    return [(Lane(lane), int(seq)) for _, lane, seq in lines]

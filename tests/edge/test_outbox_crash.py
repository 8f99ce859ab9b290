"""SIGKILL in the middle of appends: what was reported as stored is there afterwards."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from edge.outbox import Outbox
from wire import Lane

ROOT = Path(__file__).parents[2]
KILLS = 5

WRITER = """
import asyncio, sys
from pathlib import Path
from edge.outbox import Outbox
from wire import ContentType, Lane

async def driver(outbox, lane):
    while True:
        seq = await outbox.append(lane, ContentType.OBSERVATIONS, b"body of one", 1)
        print(lane, seq, flush=True)

async def main():
    async with Outbox(Path(sys.argv[1])) as outbox:
        print("boot", outbox.boot, flush=True)
        await asyncio.gather(*(driver(outbox, lane) for lane in Lane for _ in range(3)))

asyncio.run(main())
"""


async def test_every_reported_seq_survives_sigkill(tmp_path: Path) -> None:
    path = tmp_path / "o.db"
    moments = random.Random(7)
    reported: dict[str, int] = dict.fromkeys(Lane, 0)
    boots = set()
    for _ in range(KILLS):
        lines = run_and_kill(path, moments.uniform(0.05, 0.3))
        for name, value in lines:
            if name == "boot":
                boots.add(value)
            else:
                reported[name] = max(reported[name], int(value))
    assert len(boots) == 1
    async with Outbox(path) as outbox:
        assert outbox.boot in boots
        for lane in Lane:
            assert reported[lane] > KILLS
            rows = await outbox.unacked(lane, 0, 10**6, max_bytes=2**40)
            assert [row.seq for row in rows] == list(range(1, outbox.lanes[lane].head + 1))
            assert outbox.lanes[lane].head >= reported[lane]


def run_and_kill(path: Path, after_s: float) -> list[tuple[str, str]]:
    """Run the writer, kill it `after_s` seconds after it opened the outbox; what it reported."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    first = writer.stdout.readline()
    time.sleep(after_s)
    writer.send_signal(signal.SIGKILL)
    rest, _ = writer.communicate(timeout=60)
    lines = [line.split() for line in (first + rest).splitlines(keepends=True) if line[-1] == "\n"]
    return [(name, value) for name, value in lines]

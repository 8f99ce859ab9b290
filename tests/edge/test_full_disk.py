"""A really full disk: a small file system of the test's own, in a namespace of its own."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SCRIPT = """
import asyncio, json, sys
from pathlib import Path
from edge.errors import OutboxFullError
from edge.outbox import Outbox, Quotas
from wire import Ack, ContentType, Lane

async def fill(outbox, lane, count):
    for stored in range(count):
        try:
            await outbox.append(lane, ContentType.OBSERVATIONS, b"x" * 2000, 1)
        except OutboxFullError:
            return stored
    return count

async def main():
    told = {}
    path = Path(sys.argv[1]) / "o.db"
    async with Outbox(path, Quotas(reserve_mib=1.5)) as outbox:
        told["telemetry"] = await fill(outbox, Lane.TELEMETRY, 2000)
        told["events"] = await fill(outbox, Lane.EVENT, 5000)
        told["dropped"] = outbox.statuses()[Lane.TELEMETRY].dropped
    async with Outbox(path, Quotas(reserve_mib=1.5)) as outbox:
        told["more"] = await fill(outbox, Lane.EVENT, 1)
        ack = Ack(hub="0" * 16, boot=outbox.boot, lane=Lane.EVENT, upto=100)
        told["freed"] = await outbox.acknowledge(ack)
        told["after"] = await fill(outbox, Lane.EVENT, 50)
        rows = await outbox.unacked(Lane.EVENT, 0, 10000, 2**40)
        told["seqs"] = [rows[0].seq, rows[-1].seq, len(rows)]
    print(json.dumps(told))

asyncio.run(main())
"""


def on_small_disk(folder: Path) -> dict[str, object]:
    """Run the script with 8 MiB at `folder`; skip where that cannot be had."""
    mount = f"mount -t tmpfs -o size=8m tmpfs {folder}"
    if (
        not shutil.which("unshare")
        or subprocess.run(
            ["unshare", "-rm", "sh", "-c", mount], check=False, capture_output=True
        ).returncode
    ):
        pytest.skip("a small file system cannot be mounted here")
    run = f'{mount} && exec "$0" -c "$1" {folder}'
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", run, sys.executable, SCRIPT],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_events_take_the_place_of_telemetry_and_acknowledged_room_is_used_again(tmp_path) -> None:
    told = on_small_disk(tmp_path)
    assert told["telemetry"] == told["dropped"] == 2000
    assert 2500 < told["events"] < 3500
    assert told["freed"] == 100
    assert 30 <= told["after"] <= 50
    last = told["events"] + told["more"] + told["after"]
    assert told["seqs"] == [101, last, last - 100]

"""A disk that is slow to sync, and at times fails to: what was confirmed is there all the same."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TOLD, FAILED = 20, 3

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

WRITERS = {
    "outbox": ("outbox_writer.py", "SELECT lane, seq FROM envelope"),
    "hub": ("hub_writer.py", "SELECT 'event', seq FROM observation"),
}


@pytest.fixture(scope="module")
def bad_sync(tmp_path_factory):
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler")
    library = tmp_path_factory.mktemp("bad-sync") / "bad_sync.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", library, HERE / "bad_sync.c"]
    subprocess.run(command, check=True, timeout=120)
    return library


@pytest.mark.parametrize("part", WRITERS)
def test_what_was_confirmed_over_a_slow_disk_that_fails_is_there(part, bad_sync, tmp_path):
    script, query = WRITERS[part]
    database, notes = tmp_path / "it.db", tmp_path / "notes"
    trouble = {"BAD_SYNC_MS": "60", "BAD_SYNC_EVERY": "5", "BAD_SYNC_NOTES": str(notes)}
    trouble["BAD_SYNC_WELL"] = "20"  # what makes the database is let through
    writer = subprocess.Popen(
        [sys.executable, HERE / script, database],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "LD_PRELOAD": str(bad_sync), **trouble},
    )
    told = set()
    for line in writer.stdout:
        word, *rest = line.split()
        if word == "told":
            told.add((rest[0], int(rest[1])))
        if len(told) >= TOLD and _size(notes) >= FAILED:
            break
    writer.kill()
    writer.communicate(timeout=60)
    assert _size(notes) >= FAILED
    with sqlite3.connect(database) as connection:
        kept = set(connection.execute(query))
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    assert told <= kept


def _size(notes):
    return notes.stat().st_size if notes.exists() else 0

"""Very many alarms that are over, straight into the store of a hub that stands still."""

import random
import sqlite3
from typing import Final

from simulators.processes import HubProcess

DAY_MS: Final = 24 * 3_600_000
DAYS: Final = 90
DEVICES: Final = 200
CONDITIONS: Final = (
    ("door-forced", "P1"),
    ("door-held-open", "P2"),
    ("door-denied-repeatedly", "P2"),
    ("device-silent", "P2"),
    ("falling-object", "P1"),
)
FIRST: Final = 1_000_000
"""Occurrences above those that the hub has counted."""

_ALERT: Final = """
INSERT INTO alert (id, site, device, condition, occurrence, priority, state, late, at, received_at,
  acknowledged_at, acknowledged_by, returned_at, closed_at, detail, version, desk)
VALUES (?, ?, ?, ?, ?, ?, 'normal', 0, ?, ?, ?, 'bench', ?, ?, '{}', 4, 'control-room')
"""
_TOLD: Final = """
INSERT INTO annunciation (at, desk, site, alert, device, condition, priority, how, rationed, again)
VALUES (?, 'control-room', ?, ?, ?, ?, ?, 'alone', 1, 0)
"""


def fill(hub: HubProcess, site: str, count: int) -> None:
    """Write so many alarms of the last ninety days, each told once. The hub must not run."""
    (file,) = hub.log.parent.glob("hub/*.db")
    rng = random.Random(7)
    with sqlite3.connect(file) as store:
        newest = store.execute("SELECT max(at) FROM alert").fetchone()[0]
        alerts, told = [], []
        for number in range(count):
            name, device = f"{FIRST + number:016x}", f"door-{rng.randrange(1, DEVICES + 1)}"
            condition, priority = CONDITIONS[number % len(CONDITIONS)]
            at = newest - 1 - rng.randrange(DAYS * DAY_MS)
            about = (name, site, device, condition, FIRST + number, priority)
            alerts.append((*about, at, at, at + 9_000, at + 60_000, at + 60_000))
            told.append((at, site, name, device, condition, priority))
        store.executemany(_ALERT, alerts)
        store.executemany(_TOLD, told)
    store.close()

"""What is remembered beside the lanes: record ids of devices, executed commands, open leases."""

import sqlite3
from collections.abc import Sequence

KEPT_RECORDS = 50_000
"""Record ids kept for each device: as many as access terminals buffer while they are offline."""

KEPT_COMMANDS = 10_000
"""Executed command ids kept; their nonces are void after seconds, so this is ample."""

_PRUNE_EVERY = 500


def remember_records(connection: sqlite3.Connection, records: Sequence[tuple[str, str]]) -> None:
    """Keep (device, source id) pairs, and forget the oldest beyond `KEPT_RECORDS`."""
    for device, source_id in records:
        cursor = connection.execute(
            "INSERT OR IGNORE INTO record (device, source_id) VALUES (?, ?)", (device, source_id)
        )
        if cursor.rowcount and (cursor.lastrowid or 0) % _PRUNE_EVERY == 0:
            connection.execute(
                "DELETE FROM record WHERE device = ?1 AND id <= (SELECT id FROM record"
                " WHERE device = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
                (device, KEPT_RECORDS),
            )


def known_records(
    connection: sqlite3.Connection, device: str, source_ids: Sequence[str]
) -> set[str]:
    """Those of `source_ids` that this device has pushed before."""
    return {
        source_id
        for source_id in source_ids
        if connection.execute(
            "SELECT 1 FROM record WHERE device = ? AND source_id = ?", (device, source_id)
        ).fetchone()
    }


def mark_executed(connection: sqlite3.Connection, command: str) -> bool:
    """Remember that a command was taken on; False when it was already."""
    cursor = connection.execute("INSERT OR IGNORE INTO executed (command) VALUES (?)", (command,))
    if not cursor.rowcount:
        return False
    connection.execute(
        "DELETE FROM executed WHERE id <= ?", ((cursor.lastrowid or 0) - KEPT_COMMANDS,)
    )
    return True


def was_executed(connection: sqlite3.Connection, command: str) -> bool:
    """Whether a command was taken on before."""
    found = connection.execute("SELECT 1 FROM executed WHERE command = ?", (command,)).fetchone()
    return found is not None


def save_lease(connection: sqlite3.Connection, device: str, command: str, action: str) -> None:
    """Remember that a device is held, so that a restarted agent lets it go."""
    connection.execute("INSERT OR REPLACE INTO lease VALUES (?, ?, ?)", (device, command, action))


def forget_lease(connection: sqlite3.Connection, command: str) -> None:
    """The lease that this command began is over; a newer one of the same device stays."""
    connection.execute("DELETE FROM lease WHERE command = ?", (command,))


def saved_leases(connection: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """(device, command, action) of every lease that was open when the agent last ran."""
    return connection.execute("SELECT device, command, action FROM lease").fetchall()

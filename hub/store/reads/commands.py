"""Commands, each with what became of it."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from hub.store.reads.page import Record
from hub.store.schema import command, command_history


def one_command(connection: Connection, site: str, name: str) -> Record | None:
    """The command with this id, and under `history` its steps, oldest first."""
    found = _commands(connection, command.c.site == site, command.c.id == name)
    return found[0] if found else None


def commands_of_case(connection: Connection, site: str, case: str) -> Sequence[Record]:
    """The commands that were given for a case, oldest first, each with its `history`."""
    return _commands(connection, command.c.site == site, command.c.case_id == case)


def _commands(connection: Connection, *which: ColumnElement[bool]) -> list[Record]:
    found = select(command).where(*which).order_by(command.c.created_at, command.c.id)
    rows = connection.execute(found).mappings().all()
    steps = defaultdict[str, list[dict[str, Any]]](list)
    names = [row["id"] for row in rows]
    history = select(command_history).where(command_history.c.command.in_(names))
    for step in connection.execute(history.order_by(command_history.c.id)).mappings():
        steps[step["command"]].append(dict(step))
    return [{**row, "history": steps[row["id"]]} for row in rows]

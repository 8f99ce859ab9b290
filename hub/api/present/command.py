"""Commands as answers."""

from sqlalchemy import Connection

from hub.api.models.command import Command, CommandStep
from hub.errors import NotFoundError
from hub.store.reads import commands as reads
from hub.store.reads.page import Record


def show_command(row: Record) -> Command:
    """A command and what became of it."""
    return Command(
        id=row["id"],
        site=row["site"],
        device=row["device"],
        action=row["action"],
        operator=row["operator"],
        case=row["case_id"],
        reason=row["reason"],
        lease_s=row["lease_s"],
        renews=row["renews"],
        state=row["state"],
        created_at=row["created_at"],
        history=[
            CommandStep(at=step["at"], state=step["state"], detail=step["detail"])
            for step in row["history"]
        ],
    )


def one_command(reader: Connection, site: str, device: str, command: str) -> Command:
    """A command to this device. Raises NotFoundError."""
    row = reads.one_command(reader, site, command)
    if row is None or row["device"] != device:
        raise NotFoundError("command", command)
    return show_command(row)

"""Telemetry on a server of its own: spooled here, delivered by a thread, read there."""

from collections.abc import Sequence

from sqlalchemy import Connection

from hub.telemetry.port import Bucket, Keep, Point, Span
from hub.telemetry.purge import purge
from hub.telemetry.server import Server
from hub.telemetry.spool import Spool


class RemoteTelemetry:
    """How long it is kept, and how it is downsampled, is the server's business.

    What the database held before the server was chosen goes when its time is up.
    """

    def __init__(self, server: Server, spool: Spool, keep: Keep) -> None:
        self._server = server
        self._spool = spool
        self._keep = keep

    def append(self, connection: Connection, points: Sequence[Point]) -> None:
        """See `Telemetry.append`."""
        self._spool.append(connection, points)

    def forget(self) -> None:
        """See `Telemetry.forget`."""
        self._spool.forget()

    def series(self, span: Span) -> list[Bucket]:
        """See `Telemetry.series`: what was delivered, a second or so behind."""
        return self._server.series(span)

    def roll(self, connection: Connection, now: int) -> int:  # noqa: ARG002 - the port's
        """See `Telemetry.roll`."""
        return 0

    def purge(self, connection: Connection, now: int) -> int:
        """See `Telemetry.purge`."""
        return purge(connection, self._keep, now)

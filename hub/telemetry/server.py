"""A server that keeps telemetry, and all that is asked of it. Each back end is one file."""

from typing import Protocol

from hub.errors import HubError, UnavailableError
from hub.telemetry.port import Bucket, Span

MEASUREMENT = "gatehouse"
"""The measurement, and the database, bucket or prefix, that the hub's points have by default."""


class AwayError(UnavailableError):
    """The server does not answer, or not now, or not us: the same again later may go well.

    status: of HTTP, where there was an answer. retry_after_s: what it asked for, where it did.
    """

    code = "telemetry-away"

    def __init__(
        self, why: str, *, status: int | None = None, retry_after_s: float | None = None
    ) -> None:
        super().__init__(f"the telemetry server {why}")
        self.why = why
        self.status = status
        self.retry_after_s = retry_after_s


class RefusedError(HubError):
    """The server does not take these points, however often they are sent. why: in its words."""

    code = "telemetry-refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"points refused: {why}")
        self.why = why


class Server(Protocol):
    """Writing the same points twice leaves them once. All methods block, for seconds at most.

    settle_s: how long after `write` its points may still be lost when the server is killed.
    """

    settle_s: float

    def write(self, lines: bytes) -> None:
        """Keep points, in InfluxDB's line protocol with ms. Raises AwayError, RefusedError."""
        ...

    def life(self) -> str:
        """What is another after each start of the server. Raises AwayError."""
        ...

    def series(self, span: Span) -> list[Bucket]:
        """See `Telemetry.series`; downsampled by the server. Raises AwayError."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...

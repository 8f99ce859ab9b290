"""A signal over time as an answer."""

from typing import Final

from sqlalchemy import Connection

from hub.api.directory import Directory
from hub.api.models.device import Limits, Telemetry
from hub.errors import BadRequestError, NotFoundError
from hub.telemetry.port import Span
from hub.telemetry.port import Telemetry as TelemetryStore
from wire.kinds import SignalType

MAX_POINTS: Final = 5000
"""More than a screen has columns."""


def telemetry(
    reader: Connection, store: TelemetryStore, directory: Directory, span: Span
) -> Telemetry:
    """The span's buckets with unit and limits. Raises NotFoundError, BadRequestError."""
    facts = directory.devices[span.site].get(span.device)
    if facts is None:
        raise NotFoundError("device", span.device)
    spec = facts.kind.signal(span.signal)
    if spec is None or spec.type is not SignalType.NUMBER or spec.sensitive:
        raise NotFoundError("number of this device", span.signal)
    if span.start >= span.end:
        raise BadRequestError("must be before `to`", field="from")
    return Telemetry(
        signal=span.signal,
        unit=spec.unit,
        limits=facts.limits.get(span.signal, Limits(low=None, high=None)),
        points=store.series(reader, span),
    )

"""A signal over time as an answer."""

from typing import Final

from hub.api.directory import Directory
from hub.api.models.device import Limits, Telemetry
from hub.errors import BadRequestError, NotFoundError
from hub.telemetry.port import Bucket, Span
from wire.kinds import SignalType

MAX_POINTS: Final = 5000
"""More than a screen has columns."""


def axis(directory: Directory, span: Span) -> Telemetry:
    """The span's unit and limits, without a point. Raises NotFoundError, BadRequestError."""
    facts = directory.devices[span.site].get(span.device)
    if facts is None:
        raise NotFoundError("device", span.device)
    spec = facts.kind.signal(span.signal)
    if spec is None or spec.type is not SignalType.NUMBER or spec.sensitive:
        raise NotFoundError("number of this device", span.signal)
    if span.start >= span.end:
        raise BadRequestError("must be before `to`", field="from")
    limits = facts.limits.get(span.signal, Limits(low=None, high=None))
    return Telemetry(signal=span.signal, unit=spec.unit, limits=limits, points=[])


def chart(axis: Telemetry, points: list[Bucket]) -> Telemetry:
    """The whole answer."""
    return axis.model_copy(update={"points": points})

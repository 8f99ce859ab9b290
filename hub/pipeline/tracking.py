"""What a facade camera followed down, on its way to the rules."""

from hub.pipeline.event_time import happened_at
from hub.pipeline.registry import Watched
from hub.rules import Reading
from wire.tracks import TRACK, TrackReport


def track_reading(device: Watched, report: TrackReport, offset: int, received_at: int) -> Reading:
    """The report as rules see it, dated by the track's last point. offset: of its agent's clock."""
    at = happened_at(report.at, report.seen, offset, historical=True)
    return Reading(
        site=device.site,
        device=device.id,
        kind=report.kind,
        at=at,
        received=received_at,
        signals={TRACK: report.model_dump_json()},
        late=received_at - at > device.late_after_ms,
    )

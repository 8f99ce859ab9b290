"""What the hub's own detector made of a frame, on its way to the rules.

It takes the frame's own place in its stream. That place was accepted once, so whatever is sent
again, a frame is judged once and leaves one row at most.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.pipeline.intake import Rows, add_rows, take
from hub.pipeline.registry import Watched
from hub.pipeline.work import SeenFrame
from hub.rules import Reading
from hub.store.seal import Seal
from wire import Lane, SignalValue
from wire.reading import Reported


@dataclass(frozen=True, slots=True)
class Sighting:
    """signals: by the names of the frame's kind. keep: whether it is worth a row.

    skipped: frames of the camera that were passed over since the last one that was looked at.
    """

    frame: SeenFrame
    signals: Mapping[str, SignalValue]
    keep: bool
    skipped: int = 0


def reading_of(
    sighting: Sighting, device: Watched, rows: Rows, *, now: int, seal: Seal
) -> Reading | None:
    """The sighting as rules see it, dated when the frame was taken; its row goes to `rows`.

    None for a device that the registry has as another kind by now.
    """
    frame = sighting.frame
    kind = device.kind
    if kind is None or kind.id != frame.frame.kind:
        return None
    observation = Reported(
        device=device.id,
        kind=kind.id,
        at=frame.at,
        seen=frame.at,
        signals=dict(sighting.signals),
    )
    taken = take(device, [(0, observation)], 0, now, seal)
    if sighting.keep:
        add_rows(rows, taken, device, kind, Lane.MEDIA, frame.place, seal)
    return taken[0].reading

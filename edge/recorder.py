"""From what a driver saw to the outbox: lane, envelope, commit, and a look at the fire input."""

from collections.abc import Callable, Mapping, Sequence

import structlog

from edge.errors import OutboxError
from edge.outbox import Entry, Outbox
from edge.urgency import FIRE, Urgency
from wire import ContentType, Lane, Observation
from wire.kinds import Kind
from wire.observation import encode_observations

log = structlog.get_logger()


class Recorder:
    """Takes observations to the outbox.

    on_fire: called with (device, active) for every report of a fire input, before the commit:
        what the agent may do to a door must not wait for a disk.
    """

    def __init__(
        self,
        outbox: Outbox,
        kinds: Mapping[str, Kind],
        on_fire: Callable[[str, bool], None],
    ) -> None:
        self._outbox = outbox
        self._urgency = Urgency(kinds)
        self._on_fire = on_fire

    def lane(self, observation: Observation) -> Lane:
        """The lane that this observation takes; to be asked once for each, in order."""
        fire = observation.signals.get(FIRE)
        if isinstance(fire, bool) and not observation.historical:
            self._on_fire(observation.device, fire)
        return self._urgency.lane(observation)

    async def record(self, lane: Lane, observations: Sequence[Observation]) -> None:
        """Store observations as one envelope; on return they are on disk. Raises OutboxError."""
        await self._outbox.append_all([_entry(lane, observations)])

    async def record_by_lane(self, observations: Sequence[Observation]) -> None:
        """Store a device's report, an envelope for each lane it needs, all or nothing.

        Source ids are remembered with it. Raises OutboxError.
        """
        lanes: dict[Lane, list[Observation]] = {}
        for observation in observations:
            lanes.setdefault(self.lane(observation), []).append(observation)
        await self._outbox.append_all([_entry(lane, some) for lane, some in lanes.items()])

    async def record_or_count(self, lane: Lane, observations: Sequence[Observation]) -> None:
        """Store what no device will say again; what cannot be stored is counted as dropped."""
        try:
            await self.record(lane, observations)
        except OutboxError as error:
            log.warning("recorder.dropped", lane=lane, count=len(observations), error=str(error))
            await self._outbox.count_drop(lane, len(observations))


def _entry(lane: Lane, observations: Sequence[Observation]) -> Entry:
    body = encode_observations(list(observations))
    records = tuple((seen.device, seen.source_id) for seen in observations if seen.source_id)
    return Entry(lane, ContentType.OBSERVATIONS, body, len(observations), records)

"""The line's mouth: two threads between the broker's deliveries and the pipeline."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import structlog
from sqlalchemy.exc import DBAPIError

from hub.errors import UnavailableError
from hub.ingest.statuses import Statuses, read_status
from hub.ingest.storing import Storing
from hub.ingest.waiting import Arrived, Waiting, lane_of
from hub.mqtt import Delivery, acknowledge
from hub.pipeline import AgentHeard, Incoming, Pipeline, StreamAck, read
from hub.pipeline.incoming import Fault, set_aside
from wire import Ack, Lane, TopicKind, WireError, topics

log = structlog.get_logger(__name__)

Publish = Callable[[str, bytes], bool]

_STATUS: Final = f"/{TopicKind.STATUS.value}"
_BAD_STATUS: Final = Fault("bad-status", "not an agent's status")
_RETAINED: Final = Fault("retained", "an envelope is for once; its agent sends it again")


@dataclass(frozen=True, slots=True)
class IngestHealth:
    """waiting: messages not yet stored. shed: by lane, acknowledged unread; agents send them again.

    failing_since: since when the store refuses (ms), None while it does not.
    """

    waiting: int
    shed: Mapping[str, int]
    failing_since: int | None


class Ingest:
    """A context manager; hand `delivered` to the link.

    publish: hands a message to the broker. heard: told of each status at once, in the link's
    thread. now: hub clock, ms.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        *,
        hub_boot: str,
        publish: Publish,
        heard: Callable[[AgentHeard], None],
        now: Callable[[], int],
    ) -> None:
        self._pipeline = pipeline
        self._boot = hub_boot
        self._publish = publish
        self._heard = heard
        self._now = now
        self._closing = threading.Event()
        self._waiting = Waiting()
        self._statuses = Statuses()
        self._storing = Storing(pipeline, now=now, closing=self._closing)
        self._shed: Counter[str] = Counter()
        self._threads = [
            threading.Thread(target=self._run, name="hub-ingest", daemon=True),
            threading.Thread(target=self._run_statuses, name="hub-statuses", daemon=True),
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._waiting.close()
        self._statuses.close()
        for thread in self._threads:
            thread.join()

    def health(self) -> IngestHealth:
        """How it stands."""
        return IngestHealth(len(self._waiting), dict(self._shed), self._storing.failing_since)

    def delivered(self, deliveries: Sequence[Delivery]) -> None:
        """Take messages from the link. Never waits, never raises."""
        now = self._now()
        waiting: list[Arrived] = []
        for delivery in deliveries:
            arrived = Arrived(delivery, now)
            if delivery.topic.endswith(_STATUS):
                self._status(arrived)
            else:
                waiting.append(arrived)
        self._wait(waiting)

    def _wait(self, arrived: Sequence[Arrived]) -> None:
        shed = self._waiting.put(arrived)
        for one in shed:
            self._shed[lane_of(one).value] += 1
        acknowledge(one.delivery for one in shed)

    def _status(self, arrived: Arrived) -> None:
        try:
            heard = read_status(arrived.delivery, arrived.received_at)
        except WireError:
            self._wait([arrived])  # for the dead letters
            return
        if heard is not None:
            self._heard(heard)
            self._statuses.put(heard)
        arrived.delivery.ack()

    def _run(self) -> None:
        while batch := self._waiting.take():
            acks = self._storing.store([_incoming(arrived) for arrived in batch])
            if acks is None:
                return
            acknowledge(arrived.delivery for arrived in batch)
            self._answer(acks)

    def _answer(self, acks: Sequence[StreamAck]) -> None:
        newest = {(ack.site, ack.agent, ack.boot, ack.lane): ack for ack in acks}
        for ack in newest.values():
            message = Ack(
                hub=self._boot, boot=ack.boot, lane=Lane(ack.lane), upto=ack.upto, ranges=ack.ranges
            )
            self._publish(topics.ack(ack.site, ack.agent), message.encode())

    def _run_statuses(self) -> None:
        while batch := self._statuses.take():
            for heard in batch:
                try:
                    self._pipeline.heard(heard, self._now()).result()
                except (DBAPIError, UnavailableError) as error:
                    # The next heartbeat says it again; a lost connection shows by its silence.
                    log.warning("ingest.status_not_stored", error=type(error).__name__)


def _incoming(arrived: Arrived) -> Incoming:
    delivery = arrived.delivery
    if delivery.topic.endswith(_STATUS):
        return set_aside(delivery.topic, delivery.payload, arrived.received_at, _BAD_STATUS)
    if delivery.retained:
        return set_aside(delivery.topic, delivery.payload, arrived.received_at, _RETAINED)
    return read(delivery.topic, delivery.payload, arrived.received_at)

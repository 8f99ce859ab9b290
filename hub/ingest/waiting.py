"""What has come and is not yet stored: bounded, and taken out by importance."""

import threading
import time
from collections import deque
from collections.abc import Iterable
from typing import Final, NamedTuple

from hub.mqtt import Delivery
from wire import Lane

LANE_MESSAGES: Final = 5_000
LANE_BYTES: Final = 32 * 1024 * 1024
"""What may wait in one lane. The receive maximum keeps a broker of MQTT 5 well below; one that
sends on regardless has the rest acknowledged unread, and agents send that again."""

BATCH_MESSAGES: Final = 1_000
BATCH_BYTES: Final = 512 * 1024
"""What is stored in one transaction: some 4,000 observations, about a tenth of a second. Each has
rows of its own to write (streams, health, rules): the more wait, the less of them a message."""

GATHER_S: Final = 0.025
GATHER_MESSAGES: Final = 100
GATHER_BYTES: Final = 64 * 1024
"""What is not urgent waits so long for more of it, while there is less: a transaction has a price
of its own, the disk's above all, and an alarm that comes meanwhile is taken at once."""

_URGENT: Final = (Lane.LIFE, Lane.EVENT)
_LANES: Final = {lane.value: lane for lane in Lane}


class Arrived(NamedTuple):
    """A delivery and when it came, hub clock, ms."""

    delivery: Delivery
    received_at: int


def lane_of(arrived: Arrived) -> Lane:
    """By its topic; a message of no lane goes last."""
    return _LANES.get(arrived.delivery.topic.rpartition("/")[2], Lane.MEDIA)


class Waiting:
    """A queue per lane. Any thread puts, one takes."""

    def __init__(self) -> None:
        self._lanes: dict[Lane, deque[Arrived]] = {lane: deque() for lane in Lane}
        self._bytes = dict.fromkeys(Lane, 0)
        self._wake = threading.Condition()
        self._closed = False
        self._ahead = False  # what is urgent has gone alone

    def put(self, arrived: Iterable[Arrived]) -> list[Arrived]:
        """Queue messages; those for which their lane has no room are returned."""
        shed: list[Arrived] = []
        with self._wake:
            for one in arrived:
                lane = lane_of(one)
                queue = self._lanes[lane]
                full = len(queue) >= LANE_MESSAGES or self._bytes[lane] > LANE_BYTES
                if full or self._closed:
                    shed.append(one)
                    continue
                queue.append(one)
                self._bytes[lane] += len(one.delivery.payload)
            self._wake.notify()
        return shed

    def take(self) -> list[Arrived]:
        """The next batch: whatever came while the last was being stored, or a little later.

        Life safety first, then events, then telemetry, then media. What is urgent goes without the
        rest, but not twice in a row, so that it holds nothing up. Empty once closed.
        """
        with self._wake:
            while not self._closed and not any(self._lanes.values()):
                self._wake.wait()
            self._gather()
            return [] if self._closed else self._batch()

    def close(self) -> None:
        """Let `take` return; what waits was never acknowledged and comes again."""
        with self._wake:
            self._closed = True
            self._wake.notify_all()

    def __len__(self) -> int:
        with self._wake:
            return sum(len(queue) for queue in self._lanes.values())

    def _gather(self) -> None:
        """Wait for a batch that is worth its transaction."""
        until = time.monotonic() + GATHER_S
        while (
            not (self._closed or self._is_urgent())
            and sum(len(queue) for queue in self._lanes.values()) < GATHER_MESSAGES
            and sum(self._bytes.values()) < GATHER_BYTES
            and (left := until - time.monotonic()) > 0
        ):
            self._wake.wait(left)

    def _is_urgent(self) -> bool:
        return any(self._lanes[lane] for lane in _URGENT)

    def _batch(self) -> list[Arrived]:
        batch: list[Arrived] = []
        room = BATCH_BYTES
        self._ahead = self._is_urgent() and not self._ahead
        for lane, queue in self._lanes.items():
            if self._ahead and lane not in _URGENT:
                break
            while queue and len(batch) < BATCH_MESSAGES and room > 0:
                arrived = queue.popleft()
                size = len(arrived.delivery.payload)
                self._bytes[lane] -= size
                room -= size
                batch.append(arrived)
        return batch

"""One agent of the load generator: real envelopes, of which only numbers and times are new."""

import secrets
from collections import deque
from typing import Final

from simulators.seeds import draw_from
from wire import Ack, ContentType, Header, Lane, Observation, topics
from wire.observation import encode_observations

_AT: Final = 1_000_000_000_000
_SEQ: Final = 9_007_199_254_740_991
"""Placeholders, found again as text: no other number of the message is like them."""

_SWING: Final = 5
"""Messages after which the values repeat."""


class LoadAgent:
    """place: among the agents of its process. batch: observations in each message, 1 ms apart.

    Its outbox is a list of send times, by number.
    """

    def __init__(self, site: str, name: str, batch: int, *, place: int) -> None:
        self.boot = secrets.token_hex(8)
        self._seq = 0
        self._unacked: deque[tuple[int, float]] = deque()
        topic = topics.up(site, name, Lane.TELEMETRY).encode()
        self._topic = len(topic).to_bytes(2, "big") + topic
        header = Header(
            boot=self.boot,
            lane=Lane.TELEMETRY,
            seq=_SEQ,
            floor=_SEQ - 1,
            sent_at=_AT,
            type=ContentType.OBSERVATIONS,
        )
        template = header.model_dump_json().encode() + b"\n"
        self._head = (
            template.replace(b"%d" % _SEQ, b"%d")
            .replace(b"%d" % (_SEQ - 1), b"%d")
            .replace(b"%d" % _AT, b"%d")
        )
        pressure = draw_from("load", place).uniform(0.3, 0.5)
        self._batch = batch
        self._bodies = [
            _body(f"{name}-p", pressure, turn, batch).replace(b"%d" % _AT, b"%d")
            for turn in range(_SWING)
        ]

    def message(self, number: int, clock: int, now: float) -> bytes:
        """The next message as an MQTT packet with that number. clock: ms. now: monotonic, s."""
        self._seq = seq = self._seq + 1
        unacked = self._unacked
        floor = unacked[0][0] if unacked else seq
        unacked.append((seq, now))
        said = [at for at in range(clock - self._batch + 1, clock + 1) for _ in (0, 1)]
        rest = self._head % (seq, floor, clock) + self._bodies[seq % _SWING] % tuple(said)
        head = self._topic + number.to_bytes(2, "big")
        length, out = len(head) + len(rest), bytearray(b"\x32")
        while length >> 7:
            out.append(length & 0x7F | 0x80)
            length >>= 7
        out.append(length)
        return bytes(out) + head + rest

    def settle(self, ack: Ack) -> list[float]:
        """When those were sent that the ack newly says are durable."""
        times: list[float] = []
        left: list[tuple[int, float]] = []
        unacked = self._unacked
        while unacked:
            seq, sent = unacked.popleft()
            if seq <= ack.upto or any(low <= seq <= high for low, high in ack.ranges):
                times.append(sent)
                continue
            left.append((seq, sent))
            if not ack.ranges:
                break
        unacked.extendleft(reversed(left))
        return times


def _body(device: str, pressure: float, turn: int, batch: int) -> bytes:
    """A slow swing of 0.4 kPa: real telemetry, never urgent."""
    return encode_observations(
        [
            Observation(
                device=device,
                kind="water-pressure",
                at=_AT,
                seen=_AT,
                signals={"pressure": round(pressure + 0.0001 * ((turn + place) % _SWING), 4)},
            )
            for place in range(batch)
        ]
    )

"""The last seconds of a stream as it came, encoded, so that a clip can begin before its cause."""

from collections import deque
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Held:
    """One packet. at: when it came, agent's clock, ms. pts, dts: in the stream's time base."""

    at: int
    data: bytes
    key: bool
    pts: int | None
    dts: int | None
    duration: int


@dataclass(slots=True)
class Segment:
    """What came over one connection; its packets decode together.

    extradata: the decoder's parameters, as the stream gave them.
    """

    codec: str
    extradata: bytes
    time_base: Fraction
    packets: deque[Held] = field(default_factory=deque)


@dataclass(frozen=True, slots=True)
class Cut:
    """Packets of one segment, from a keyframe on."""

    segment: Segment
    packets: tuple[Held, ...]

    @property
    def from_at(self) -> int:
        """When its first packet came, ms."""
        return self.packets[0].at

    @property
    def to_at(self) -> int:
        """When its last packet came, ms."""
        return self.packets[-1].at


class Ring:
    """Holds `keep_ms` of packets, at most `max_bytes`; the oldest go first.

    What came before a lost connection stays until it is too old: it is what one wants to see.
    """

    def __init__(self, keep_ms: int, max_bytes: int) -> None:
        self._keep_ms = keep_ms
        self._max_bytes = max_bytes
        self._segments: deque[Segment] = deque()
        self._bytes = 0

    def begin(self, codec: str, extradata: bytes, time_base: Fraction) -> None:
        """A connection is open; its packets follow."""
        self._segments.append(Segment(codec, extradata, time_base))

    def add(self, packet: Held) -> None:
        """Hold one packet of the newest connection."""
        self._segments[-1].packets.append(packet)
        self._bytes += len(packet.data)
        self._forget(packet.at - self._keep_ms)

    def cut(self, from_at: int, to_at: int) -> Cut | None:
        """The packets between two moments, ms, from the last keyframe before them on.

        Of several connections, the one that covers most; None when nothing can be shown.
        """
        cuts = [cut for one in self._segments if (cut := _cut(one, from_at, to_at))]
        return max(cuts, key=lambda cut: cut.to_at - max(cut.from_at, from_at), default=None)

    def _forget(self, before: int) -> None:
        while len(self._segments) > 1 and not self._segments[0].packets:
            self._segments.popleft()
        oldest = self._segments[0].packets
        while oldest and (oldest[0].at < before or self._bytes > self._max_bytes):
            self._bytes -= len(oldest.popleft().data)


def _cut(segment: Segment, from_at: int, to_at: int) -> Cut | None:
    chosen: list[Held] = []
    for packet in segment.packets:
        if packet.at > to_at:
            break
        if packet.key and packet.at <= from_at:
            chosen.clear()
        if packet.key or chosen:
            chosen.append(packet)
    if not chosen or chosen[-1].at < from_at:
        return None
    return Cut(segment, tuple(chosen))

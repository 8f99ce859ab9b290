"""What one batch of messages has gathered so far: rows, streams, and who spoke."""

from dataclasses import dataclass, field

from hub.pipeline.intake import Rows, source_key
from hub.pipeline.work import Work
from hub.store.write.counters import Count
from hub.store.write.observations import SourceKey
from hub.store.write.streams import Key, Stream
from wire import SeqSet
from wire.ack import MAX_RANGES
from wire.reading import ReadHeader, Reported


@dataclass(frozen=True, slots=True)
class StreamAck:
    """What is durable of one stream, for its agent."""

    site: str
    agent: str
    boot: str
    lane: str
    upto: int
    ranges: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Batch:
    """foreign: numbers of agents that the site file does not name; they leave no row.

    known: the devices' own records that are stored. spoke: agents, and when they were last heard.
    pictures: that are waited for.
    """

    rows: Rows = field(default_factory=Rows)
    streams: dict[Key, Stream] = field(default_factory=dict)
    foreign: dict[Key, SeqSet] = field(default_factory=dict)
    known: set[SourceKey] = field(default_factory=set)
    spoke: dict[tuple[str, str], int] = field(default_factory=dict)
    pictures: set[str] = field(default_factory=set)

    def repeated(self, site: str, observation: Reported) -> bool:
        """Whether the device's own record was taken in before; if not, it is now."""
        key = source_key(site, observation)
        if key is None:
            return False
        if key in self.known:
            return True
        self.known.add(key)
        self.rows.sources.append(key)
        return False

    def acks(self) -> list[StreamAck]:
        """What may be told once all of it is stored."""
        own = [_ack(key, stream.seqs) for key, stream in self.streams.items()]
        return own + [_ack(key, seqs) for key, seqs in self.foreign.items()]


def accept(work: Work, stream: Stream, header: ReadHeader, size: int) -> bool:
    """Whether a message of so many observations is new; it is counted if not."""
    dropped = stream.tally.declared_dropped
    accepted = stream.accept(header.seq, header.floor)
    site = stream.key[0]
    if stream.tally.declared_dropped != dropped:
        work.count(site, Count.DECLARED_DROPPED, stream.tally.declared_dropped - dropped)
    if accepted is None:
        work.count(site, Count.DEFERRED)
    elif not accepted:
        duplicate(work, stream, size)
    return accepted is True


def duplicate(work: Work, stream: Stream, size: int) -> None:
    """Count observations that are stored already."""
    stream.tally.duplicates += size
    stream.changed = True
    work.count(stream.key[0], Count.DUPLICATES, size)


def _ack(key: Key, seqs: SeqSet) -> StreamAck:
    return StreamAck(*key, seqs.upto, tuple(seqs.ranges[:MAX_RANGES]))

"""One batch of messages, from dedupe to the rows that it leaves; runs inside one transaction."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hub.pipeline.alerting import Alerting
from hub.pipeline.aside import UNKNOWN_AGENT, UNKNOWN_DEVICE, WRONG_KIND, Aside
from hub.pipeline.besides import Besides, Opened
from hub.pipeline.health import ONLINE, Health
from hub.pipeline.incoming import Fault, Incoming
from hub.pipeline.intake import Rows, add_rows, source_key, source_keys, take
from hub.pipeline.registry import AGENT_KIND, HUB_KIND, Registry, Watched
from hub.pipeline.rule_steps import RuleSteps
from hub.pipeline.sighting import Sighting, reading_of
from hub.pipeline.work import Work
from hub.rules import Reading
from hub.store.seal import Seal
from hub.store.write.counters import Count
from hub.store.write.evidence import expect_picture
from hub.store.write.observations import (
    SourceKey,
    insert_observations,
    insert_passages,
    insert_sources,
    known_sources,
)
from hub.store.write.streams import Key, Stream, Streams
from hub.telemetry import Telemetry
from wire import ContentType, SeqSet, SignalValue
from wire.ack import MAX_RANGES
from wire.kinds import Kind
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
class _Batch:
    """What one batch has gathered so far."""

    rows: Rows = field(default_factory=Rows)
    streams: dict[Key, Stream] = field(default_factory=dict)
    foreign: dict[Key, SeqSet] = field(default_factory=dict)
    known: set[SourceKey] = field(default_factory=set)
    spoke: dict[tuple[str, str], int] = field(default_factory=dict)
    pictures: set[str] = field(default_factory=set)


class Handling:
    """The first of the pipeline's doors. `forget` after a transaction that was rolled back."""

    def __init__(
        self,
        *,
        registry: Registry,
        streams: Streams,
        health: Health,
        rules: RuleSteps,
        alerting: Alerting,
        telemetry: Telemetry,
        seal: Seal,
    ) -> None:
        self._registry = registry
        self._streams = streams
        self._health = health
        self._rules = rules
        self._alerting = alerting
        self._telemetry = telemetry
        self._seal = seal
        self._aside = Aside(seal)
        self._besides = Besides(registry, self._aside, self._show)

    def run(self, work: Work, messages: Sequence[Incoming]) -> list[StreamAck]:
        """Take a batch in; the answer holds only once the transaction is committed."""
        batch = _Batch(known=known_sources(work.connection, source_keys(messages)))
        for message in messages:
            self._message(work, batch, message)
        for (site, name), received_at in batch.spoke.items():
            agent = self._registry.agent(site, name)
            if agent is not None:
                self.alive(work, agent, ONLINE, received_at)
        insert_observations(work.connection, batch.rows.observations)
        insert_passages(work.connection, batch.rows.passages)
        insert_sources(work.connection, batch.rows.sources, work.now)
        self._telemetry.append(work.connection, batch.rows.points)
        acks = [_ack(key, stream.seqs) for key, stream in batch.streams.items()]
        changed = [stream for stream in batch.streams.values() if stream.changed]
        self._streams.save(work.connection, changed, work.now)
        return acks + [_ack(key, seqs) for key, seqs in batch.foreign.items()]

    def _message(self, work: Work, batch: _Batch, message: Incoming) -> None:
        header = message.header
        if header is None:
            self._aside.put(work, message)
            return
        key = (message.site, message.agent, header.boot, header.lane.value)
        if self._registry.agent(message.site, message.agent) is None:
            # No row of its own: whoever may publish could otherwise make as many as they like.
            batch.foreign.setdefault(key, SeqSet()).add(header.seq)
            work.count(message.site, Count.UNKNOWN_AGENT)
            self._aside.put(work, message, UNKNOWN_AGENT)
            return
        stream = self._streams.open(work.connection, key, floor=header.floor, now=work.now)
        batch.streams[key] = stream
        batch.spoke[message.site, message.agent] = message.received_at
        offset = self._health.clock(work, message.site, message.agent, header, message.received_at)
        size = max(1, len(message.observations), len(message.notes), len(message.tracks))
        if _accept(work, stream, header, size):
            self._open(work, batch, Opened(message, header, stream, offset))

    def _open(self, work: Work, batch: _Batch, opened: Opened) -> None:
        message = opened.message
        if message.fault is not None:
            opened.stream.tally.dead += 1
            self._aside.put(work, message)
        if opened.header.type is not ContentType.OBSERVATIONS:
            self._besides.take(work, opened)
        stored = opened.stream.tally.stored
        device, fault, known = None, UNKNOWN_DEVICE, None
        for idx, observation in enumerate(message.observations):
            if known is None or (observation.device, observation.kind) != known:
                known = (observation.device, observation.kind)
                device, fault = self._speaker(message, observation)
            if device is None or device.kind is None:
                opened.stream.tally.dead += 1
                if fault is UNKNOWN_DEVICE:
                    work.count(message.site, Count.UNKNOWN_DEVICE)
                self._aside.put(work, message, fault, idx=idx, device=observation.device)
            elif observation.source_id is not None and _repeated(batch, message.site, observation):
                _duplicate(work, opened.stream, 1)
            else:
                self._take(work, batch, opened, idx, device, device.kind)
        work.count(message.site, Count.STORED, opened.stream.tally.stored - stored)

    def _take(
        self,
        work: Work,
        batch: _Batch,
        opened: Opened,
        idx: int,
        device: Watched,
        kind: Kind,
    ) -> None:
        stream, site = opened.stream, device.site
        observation = opened.message.observations[idx]
        received_at = opened.message.received_at
        taken = take(device, observation, opened.offset, received_at, self._seal)
        place = (stream.id, opened.header.seq, idx)
        add_rows(
            batch.rows, taken, device, kind, observation, opened.header.lane, place, self._seal
        )
        if kind.passages:
            self._expect_picture(work, batch, opened)
        stream.tally.stored += 1
        stream.tally.late += taken.reading.late
        if taken.reading.late:
            work.count(site, Count.LATE)
        if taken.checked.rejected:
            work.count(site, Count.REJECTED_SIGNALS, len(taken.checked.rejected))
        self._health.report(work, device, observation, taken.reading, taken.checked.signals)
        self._show(work, device, taken.reading)

    def _show(self, work: Work, subject: Watched, reading: Reading) -> None:
        for finding in self._rules.step(work, subject, reading):
            self._alerting.apply(work, subject.site, finding)

    def sighted(self, work: Work, sightings: Sequence[Sighting]) -> None:
        """Take in what the hub's own detector made of frames."""
        rows = Rows()
        for one in sightings:
            device = self._registry.device(one.frame.site, one.frame.frame.device)
            if device is None:
                continue
            work.count(device.site, Count.FRAMES_SEEN)
            work.count(device.site, Count.FRAMES_SKIPPED, one.skipped)
            reading = reading_of(one, device, rows, now=work.now, seal=self._seal)
            if reading is not None:
                self._health.sighted(work, device, reading)
                self._show(work, device, reading)
        for row in rows.observations:
            work.count(row["site"], Count.STORED)
        insert_observations(work.connection, rows.observations)

    def alive(self, work: Work, agent: Watched, state: str, received_at: int) -> None:
        """Tell the rules about an agent that it speaks, or that its connection was lost."""
        reading = Reading(
            site=agent.site,
            device=agent.id,
            kind=AGENT_KIND,
            at=received_at,
            received=received_at,
            signals={"state": state},
        )
        self._show(work, agent, reading)

    def felt(self, work: Work, signals: Mapping[str, SignalValue]) -> None:
        """Tell the rules what the hub measured of itself."""
        for hub in self._registry.hubs():
            self._show(work, hub, Reading(hub.site, hub.id, HUB_KIND, work.now, work.now, signals))

    def _speaker(self, message: Incoming, observation: Reported) -> tuple[Watched | None, Fault]:
        device = self._registry.device(message.site, observation.device)
        if device is None or device.agent != message.agent:
            return None, UNKNOWN_DEVICE
        if device.kind is None or device.kind.id != observation.kind:
            return None, WRONG_KIND
        return device, WRONG_KIND

    def _expect_picture(self, work: Work, batch: _Batch, opened: Opened) -> None:
        """A passage names a picture by its hash: whoever took it may bring it."""
        row = batch.rows.passages[-1] if batch.rows.passages else None
        if row is None or not row["picture"] or row["picture"] in batch.pictures:
            return
        batch.pictures.add(row["picture"])
        place = f"{row['stream_id']}|{row['seq']}|{row['idx']}"
        expect_picture(
            work.connection,
            name=hashlib.sha256(f"picture|{place}".encode()).hexdigest()[:32],
            site=row["site"],
            agent=opened.message.agent,
            device=row["device"],
            sha256=row["picture"],
            at=row["at"],
            now=opened.message.received_at,
        )


def _accept(work: Work, stream: Stream, header: ReadHeader, size: int) -> bool:
    dropped = stream.tally.declared_dropped
    accepted = stream.accept(header.seq, header.floor)
    site = stream.key[0]
    if stream.tally.declared_dropped != dropped:
        work.count(site, Count.DECLARED_DROPPED, stream.tally.declared_dropped - dropped)
    if accepted is None:
        work.count(site, Count.DEFERRED)
    elif not accepted:
        _duplicate(work, stream, size)
    return accepted is True


def _duplicate(work: Work, stream: Stream, size: int) -> None:
    stream.tally.duplicates += size
    stream.changed = True
    work.count(stream.key[0], Count.DUPLICATES, size)


def _repeated(batch: _Batch, site: str, observation: Reported) -> bool:
    """Whether the device's own record was taken in before; if not, it is now."""
    key = source_key(site, observation)
    if key is None:
        return False
    if key in batch.known:
        return True
    batch.known.add(key)
    batch.rows.sources.append(key)
    return False


def _ack(key: Key, seqs: SeqSet) -> StreamAck:
    return StreamAck(*key, seqs.upto, tuple(seqs.ranges[:MAX_RANGES]))

"""One batch of messages, from dedupe to the rows that it leaves; runs inside one transaction."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from hub.pipeline.alerting import Alerting
from hub.pipeline.aside import UNKNOWN_AGENT, UNKNOWN_DEVICE, WRONG_KIND, Aside
from hub.pipeline.batch import Batch, StreamAck, accept, duplicate
from hub.pipeline.besides import Besides, Opened
from hub.pipeline.health import ONLINE, Health
from hub.pipeline.incoming import Fault, Incoming
from hub.pipeline.intake import Rows, add_rows, source_keys, take
from hub.pipeline.registry import AGENT_KIND, HUB_KIND, Registry, Watched
from hub.pipeline.rule_steps import RuleSteps
from hub.pipeline.sighting import Sighting, reading_of
from hub.pipeline.watching import Watching
from hub.pipeline.work import Work
from hub.rules import Reading
from hub.rules.agent_cloned import RUN
from hub.store.seal import Seal
from hub.store.write.commands import opened_by
from hub.store.write.counters import Count
from hub.store.write.evidence import expect_picture
from hub.store.write.observations import (
    insert_observations,
    insert_passages,
    insert_sources,
    known_sources,
)
from hub.store.write.passers import note_seen
from hub.store.write.streams import Streams
from hub.telemetry import Telemetry
from hub.traces import PassageResult
from wire import ContentType, SeqSet, SignalValue
from wire.kinds import Kind
from wire.reading import Reported


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
        watching: Watching,
        seal: Seal,
    ) -> None:
        self._registry = registry
        self._streams = streams
        self._health = health
        self._rules = rules
        self._alerting = alerting
        self._telemetry = telemetry
        self._watching = watching
        self._seal = seal
        self._aside = Aside(seal)
        self._besides = Besides(registry, self._aside, self._show)

    def run(self, work: Work, messages: Sequence[Incoming]) -> list[StreamAck]:
        """Take a batch in; the answer holds only once the transaction is committed."""
        batch = Batch(known=known_sources(work.connection, source_keys(messages)))
        for message in messages:
            self._message(work, batch, message)
        for (site, name), received_at in batch.spoke.items():
            agent = self._registry.agent(site, name)
            if agent is not None:
                self.alive(work, agent, ONLINE, received_at)
        insert_observations(work.connection, batch.rows.observations)
        insert_passages(work.connection, batch.rows.passages)
        note_seen(work.connection, batch.rows.seen, self._seal)
        insert_sources(work.connection, batch.rows.sources, work.now)
        self._telemetry.append(work.connection, batch.rows.points)
        acks = batch.acks()
        changed = [stream for stream in batch.streams.values() if stream.changed]
        self._streams.save(work.connection, changed, work.now)
        return acks

    def _message(self, work: Work, batch: Batch, message: Incoming) -> None:
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
        if accept(work, stream, header, size):
            self._open(work, batch, Opened(message, header, stream, offset))

    def _open(self, work: Work, batch: Batch, opened: Opened) -> None:
        message = opened.message
        if message.fault is not None:
            opened.stream.tally.dead += 1
            self._aside.put(work, message)
        if opened.header.type is not ContentType.OBSERVATIONS:
            self._besides.take(work, opened)
        stored = opened.stream.tally.stored
        for of, reports in groupby(enumerate(message.observations), _of):
            self._reported(work, batch, opened, of, reports)
        work.count(message.site, Count.STORED, opened.stream.tally.stored - stored)

    def _reported(
        self,
        work: Work,
        batch: Batch,
        opened: Opened,
        of: tuple[str, str],
        reports: Iterable[tuple[int, Reported]],
    ) -> None:
        """Observations of one message, one after the other, of one device. of: it and its kind."""
        message, stream = opened.message, opened.stream
        device, fault = self._speaker(message, *of)
        if device is None or device.kind is None:
            for idx, _ in reports:
                stream.tally.dead += 1
                if fault is UNKNOWN_DEVICE:
                    work.count(message.site, Count.UNKNOWN_DEVICE)
                self._aside.put(work, message, fault, idx=idx, device=of[0])
            return
        new = []
        for report in reports:
            if report[1].source_id is not None and batch.repeated(message.site, report[1]):
                duplicate(work, stream, 1)
            else:
                new.append(report)
        if new:
            self._take(work, batch, opened, new, device, device.kind)

    def _take(
        self,
        work: Work,
        batch: Batch,
        opened: Opened,
        reports: Iterable[tuple[int, Reported]],
        device: Watched,
        kind: Kind,
    ) -> None:
        stream, header, seal = opened.stream, opened.header, self._seal
        taken = take(device, reports, opened.offset, opened.message.received_at, seal)
        passages = len(batch.rows.passages)
        add_rows(batch.rows, taken, device, kind, header.lane, (stream.id, header.seq), seal)
        for row in batch.rows.passages[passages:]:
            if row["result"] == PassageResult.REMOTE:
                row["operator"] = opened_by(work.connection, device.site, device.id, row["at"])
            self._expect_picture(work, batch, opened.message, row)
        late = rejected = 0
        for one in taken:
            late += one.reading.late
            rejected += len(one.checked.rejected)
        stream.tally.stored += len(taken)
        stream.tally.late += late
        if late or rejected:
            work.count(device.site, Count.LATE, late)
            work.count(device.site, Count.REJECTED_SIGNALS, rejected)
        self._health.report(work, device, taken)
        if kind.passages:
            self._watching.seen(work, device, kind, taken, (stream.id, header.seq))
        self._show(work, device, *[one.reading for one in taken])

    def _show(self, work: Work, subject: Watched, *readings: Reading) -> None:
        for finding in self._rules.step(work, subject, readings):
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

    def alive(
        self, work: Work, agent: Watched, state: str, received_at: int, run: str = ""
    ) -> None:
        """Tell the rules about an agent that it speaks, or that its connection was lost.

        run: which process of it says so, where it does.
        """
        reading = Reading(
            site=agent.site,
            device=agent.id,
            kind=AGENT_KIND,
            at=received_at,
            received=received_at,
            signals={"state": state, RUN: run},
        )
        self._show(work, agent, reading)

    def felt(self, work: Work, signals: Mapping[str, SignalValue]) -> None:
        """Tell the rules what the hub measured of itself."""
        for hub in self._registry.hubs():
            self._show(work, hub, Reading(hub.site, hub.id, HUB_KIND, work.now, work.now, signals))

    def _speaker(self, message: Incoming, name: str, kind: str) -> tuple[Watched | None, Fault]:
        device = self._registry.device(message.site, name)
        if device is None or device.agent != message.agent:
            return None, UNKNOWN_DEVICE
        if device.kind is None or device.kind.id != kind:
            return None, WRONG_KIND
        return device, WRONG_KIND

    def _expect_picture(
        self, work: Work, batch: Batch, message: Incoming, row: Mapping[str, Any]
    ) -> None:
        """A passage names a picture by its hash: whoever took it may bring it."""
        if not row["picture"] or row["picture"] in batch.pictures:
            return
        batch.pictures.add(row["picture"])
        place = f"{row['stream_id']}|{row['seq']}|{row['idx']}"
        expect_picture(
            work.connection,
            name=hashlib.sha256(f"picture|{place}".encode()).hexdigest()[:32],
            site=row["site"],
            agent=message.agent,
            device=row["device"],
            sha256=row["picture"],
            at=row["at"],
            now=message.received_at,
        )


def _of(report: tuple[int, Reported]) -> tuple[str, str]:
    """Who reported it, and as what kind."""
    return report[1].device, report[1].kind

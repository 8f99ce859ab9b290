"""What messages hold besides observations: receipts, frames, notes on evidence, tracks."""

from collections.abc import Callable
from typing import NamedTuple

from hub.pipeline.aside import UNKNOWN_DEVICE, Aside
from hub.pipeline.event_time import happened_at
from hub.pipeline.incoming import Incoming
from hub.pipeline.registry import Registry, Watched
from hub.pipeline.tracking import track_reading
from hub.pipeline.work import SeenFrame, Work
from hub.rules import Reading
from hub.store.write.commands import Step, step_command
from hub.store.write.counters import Count
from hub.store.write.evidence import take_note
from hub.store.write.streams import Stream
from wire.reading import ReadHeader

Show = Callable[[Work, Watched, Reading], None]


class Opened(NamedTuple):
    """A message that is new. offset: of its agent's clock, ms."""

    message: Incoming
    header: ReadHeader
    stream: Stream
    offset: int


class Besides:
    """show: brings a reading to the rules."""

    def __init__(self, registry: Registry, aside: Aside, show: Show) -> None:
        self._registry = registry
        self._aside = aside
        self._show = show

    def take(self, work: Work, opened: Opened) -> None:
        """Take in what a new message holds besides observations."""
        self._receipts(work, opened.message)
        self._frame(work, opened)
        self._notes(work, opened)
        self._tracks(work, opened)

    def _receipts(self, work: Work, message: Incoming) -> None:
        for receipt in message.receipts:
            step = Step(receipt.state.value, receipt.at, message.received_at, receipt.detail)
            stepped = step_command(
                work.connection, receipt.command, step, site=message.site, agent=message.agent
            )
            if stepped is None:
                work.count(message.site, Count.UNKNOWN_COMMAND)
            else:
                work.changed(stepped.site, "command", stepped.id, stepped.version)

    def _frame(self, work: Work, opened: Opened) -> None:
        """A picture is not stored: who looks at it is told after the commit."""
        message = opened.message
        frame = message.frame
        if frame is None:
            return
        device = self._spoken_for(message, frame.device)
        if device is None or device.kind is None or device.kind.id != frame.kind:
            opened.stream.tally.dead += 1
            self._aside.put(work, message, UNKNOWN_DEVICE, device=frame.device)
            return
        at = happened_at(frame.at, frame.seen, opened.offset, historical=False)
        opened.stream.tally.stored += 1
        place = (opened.stream.id, opened.header.seq)
        work.frames.append(SeenFrame(message.site, at, message.received_at, frame, place))

    def _notes(self, work: Work, opened: Opened) -> None:
        message = opened.message
        for idx, note in enumerate(message.notes):
            if self._spoken_for(message, note.device) is None:
                opened.stream.tally.dead += 1
                self._aside.put(work, message, UNKNOWN_DEVICE, idx=idx, device=note.device)
                continue
            opened.stream.tally.stored += 1
            take_note(
                work.connection,
                site=message.site,
                agent=message.agent,
                note=note,
                offset=opened.offset,
                now=message.received_at,
            )

    def _tracks(self, work: Work, opened: Opened) -> None:
        """What a camera followed down is not stored: the rules keep what they make of it."""
        message = opened.message
        for idx, report in enumerate(message.tracks):
            device = self._spoken_for(message, report.device)
            if device is None or device.kind is None or device.kind.id != report.kind:
                opened.stream.tally.dead += 1
                self._aside.put(work, message, UNKNOWN_DEVICE, idx=idx, device=report.device)
                continue
            opened.stream.tally.stored += 1
            work.count(message.site, Count.TRACKS)
            self._show(
                work, device, track_reading(device, report, opened.offset, message.received_at)
            )

    def _spoken_for(self, message: Incoming, name: str) -> Watched | None:
        device = self._registry.device(message.site, name)
        return device if device is not None and device.agent == message.agent else None

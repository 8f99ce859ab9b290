"""What the agent lends its drivers."""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from edge.board import DeviceBoard
from edge.media.evidence import EvidenceDesk
from edge.media.pictures import PictureStore
from edge.outbox import Outbox
from edge.recorder import Recorder
from wire import Clock
from wire.media import Frame


@dataclass(frozen=True, slots=True)
class Station:
    """What the agent lends its drivers.

    routes: of the agent's push server, for drivers whose devices push; they add theirs while they
        are being built, before the server starts.
    pictures: where stills go that observations name by their hash.
    evidence: where clips and stills go that the hub has asked for, or is to be told of.
    show: takes a frame of a live view; one that cannot leave at once is lost.
    """

    clock: Clock
    outbox: Outbox
    recorder: Recorder
    board: DeviceBoard
    routes: web.UrlDispatcher
    pictures: PictureStore
    evidence: EvidenceDesk
    show: Callable[[Frame], None]

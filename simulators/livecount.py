"""Observations while a run goes on: what devices handed over, and what the hub has of it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from simulators.estate import Estate
from simulators.hubclient import HubClient

FRESH_S: Final = 2.0
"""The hub is asked no more often than this, real seconds, however many look."""

LOST_AFTER_S: Final = 30.0
"""What is on its way for longer, real seconds, counts as lost until it comes after all."""

_PICTURES: Final = "media"


@dataclass(frozen=True, slots=True)
class LaneCount:
    """One lane of all agents. backlog: envelopes that agents hold now; the rest since the start."""

    stored: int = 0
    duplicates: int = 0
    dropped: int = 0
    dead: int = 0
    backlog: int = 0

    def plus(self, lane: Mapping[str, Any]) -> "LaneCount":
        """With one agent's more, as the API tells it."""
        return LaneCount(
            self.stored + lane["stored"],
            self.duplicates + lane["duplicates"],
            self.dropped + lane["dropped"],
            self.dead + lane["dead"],
            self.backlog + lane["backlog"],
        )

    def since(self, before: "LaneCount") -> "LaneCount":
        """What came after `before`."""
        return LaneCount(
            self.stored - before.stored,
            self.duplicates - before.duplicates,
            max(0, self.dropped - before.dropped),
            self.dead - before.dead,
            self.backlog,
        )


@dataclass(frozen=True, slots=True)
class SoFar:
    """Of what controllers and sensors handed over since the start.

    under_way: handed over, and neither stored nor declared dropped yet. lost: of those, what has
    been for so long that it should have come. doubled: stored more often than it was handed over.
    """

    generated: int = 0
    stored: int = 0
    under_way: int = 0
    lost: int = 0
    doubled: int = 0
    lanes: Mapping[str, LaneCount] = field(default_factory=dict)


@dataclass(slots=True)
class _Reports:
    """How much a camera's agent has said itself: whole pages, and the one that still fills."""

    after: str | None = None
    paged: int = 0
    last: int = 0


class LiveCount:
    """Begin it before any agent starts. The client's user must be an administrator.

    Totals and the ledger are never read at one moment. They are read in the order in which
    anything that comes in between looks as if it were still under way, never as lost or doubled.
    """

    def __init__(self, client: HubClient, estate: Estate) -> None:
        self._client = client
        self._estate = estate
        self._site = estate.site.id
        self._before = 0
        self._lanes_before: dict[str, LaneCount] = {}
        self._reports = {name: _Reports() for name in estate.site.cameras()}
        self._reported_before = 0
        self._handed_over: list[tuple[float, int]] = []
        self._so_far = SoFar()
        self._read_at: float | None = None

    async def begin(self) -> None:
        """Take what is there already as the beginning. Raises HubError."""
        self._reported_before = await self._camera_reports()
        self._before = (await self._client.counters(self._site))["stored"]
        self._lanes_before = await self._lanes()

    async def so_far(self) -> SoFar:
        """As it stands, at most `FRESH_S` old. Raises HubError."""
        now = time.monotonic()
        if self._read_at is None or now - self._read_at >= FRESH_S:
            self._read_at = now
            self._so_far = await self._count(now)
        return self._so_far

    async def _count(self, now: float) -> SoFar:
        total = (await self._client.counters(self._site))["stored"] - self._before
        reports = await self._camera_reports() - self._reported_before
        stored = max(0, total - reports)
        lanes = {
            name: lane.since(self._lanes_before.get(name, LaneCount()))
            for name, lane in (await self._lanes()).items()
        }
        dropped = sum(lane.dropped for name, lane in lanes.items() if name != _PICTURES)
        generated = self._estate.ledger.generated
        missing = generated - stored - dropped
        return SoFar(
            generated=generated,
            stored=stored,
            under_way=max(0, missing),
            lost=max(0, self._known(now, generated) - stored - dropped),
            doubled=max(0, -missing),
            lanes=lanes,
        )

    def _known(self, now: float, generated: int) -> int:
        """What had been handed over `LOST_AFTER_S` ago."""
        self._handed_over.append((now, generated))
        old = [one for one in self._handed_over if one[0] <= now - LOST_AFTER_S]
        self._handed_over = [*old[-1:], *self._handed_over[len(old) :]]
        return old[-1][1] if old else 0

    async def _camera_reports(self) -> int:
        for camera, known in self._reports.items():
            pages = self._client.observation_pages(self._site, device=camera, after=known.after)
            async for items, after in pages:
                known.last = len(items)
                if after is not None:
                    known.paged, known.after, known.last = known.paged + len(items), after, 0
        return sum(one.paged + one.last for one in self._reports.values())

    async def _lanes(self) -> dict[str, LaneCount]:
        sums: dict[str, LaneCount] = {}
        for agent in await self._client.agents(self._site):
            for name, lane in agent["lanes"].items():
                sums[name] = sums.get(name, LaneCount()).plus(lane)
        return sums

"""Examines a run from outside: what the hub's API says at its beginning and end, against truth."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Self

import structlog

from simulators.alertwatch import AlertWatch
from simulators.errors import HubError
from simulators.estate import Estate
from simulators.hubclient import HubClient
from simulators.matching import Seen
from simulators.scorecard import Report, Run, Stored, limit_s, score

SETTLE_S = 5.0
"""Real seconds that alerts have to appear after the last thing happened: far above the limit."""

LET_GO_S = 20.0
"""Real seconds for a door that was held when the people in it were sent home."""

DRAIN_S = 30.0
"""Real seconds that agents and hub have to bring in what devices handed over."""

_PICTURES = "media"
"""Frames are neither handed over by devices nor kept by the hub."""

_POLL_S = 0.2
_READINGS = 20
"""How often a total is read again that changed while it was read."""

_STRAGGLERS_S = 1.0
"""After everything is in: time for a second copy of something to show itself."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Totals:
    stored: int
    dropped: Mapping[str, int]


class Examination:
    """One run under examination. The client's user must be an administrator.

    Enter it when the hub is up and before any edge agent starts, then let the estate run, then
    ask for the `report`. Raises HubError when the hub cannot be asked.
    """

    def __init__(self, client: HubClient, estate: Estate) -> None:
        self._client = client
        self._estate = estate
        self._site = estate.site.id
        self._watch = AlertWatch(client, self._site, read=estate.ledger.read)
        self._following: asyncio.Task[None] | None = None
        self._before = _Totals(0, {})
        self._began_at = 0

    async def __aenter__(self) -> Self:
        await self._watch.start()
        self._before = await self._totals()
        self._began_at = self._estate.now()
        self._following = asyncio.create_task(self._watch.follow(), name="alert-watch")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)

    @property
    def seen(self) -> Sequence[Seen]:
        """The alerts that began since it was entered."""
        return self._watch.seen

    async def report(self) -> Report:
        """End the devices' reporting, let everything arrive (bounded), and compare."""
        await self._settle()
        undelivered = await self._estate.hush()
        if undelivered:
            log.warning("examination.undelivered", records=undelivered)
        await self._drain()
        return self._score(await self._stored())

    def _score(self, stored: Stored) -> Report:
        estate = self._estate
        expect = estate.scenario.expect
        expected: dict[str, int] = {}
        if expect is not None and estate.sim_s >= expect.by_s:
            expected = {str(kind): least for kind, least in expect.events.items()}
        run = Run(
            estate.scenario.name,
            estate.seed,
            wall_s=estate.wall_s,
            sim_s=estate.sim_s,
            nothing_may_alarm=estate.scenario.nothing_may_alarm,
            expected=expected,
        )
        return score(
            run,
            truths=estate.ledger.truths,
            seen=self._watch.seen,
            records=estate.ledger.records,
            answered=estate.ledger.answered.total(),
            stored=stored,
            holds=estate.ledger.holds,
        )

    async def _settle(self) -> None:
        """Wait until every truth so far has its alert, or there was time enough.

        Polled: truth and alerts come from two sides, of which neither knows the other.
        """
        began = time.monotonic()
        while time.monotonic() < began + self._patience_s():  # noqa: ASYNC110 - see above
            await asyncio.sleep(_POLL_S)

    def _patience_s(self) -> float:
        """How long those alerts may take that are not there, and doors that are held; else 0."""
        report = self._score(Stored(0, {}))
        missed = [limit_s(event["kind"]) for event in report["events"] if event["missed"]]
        if "holds" in report and report["holds"]["open"]:
            missed.append(LET_GO_S)
        return max(SETTLE_S, *missed) if missed else 0.0

    async def _drain(self) -> None:
        """Wait until as much is stored or declared dropped as was handed over."""
        deadline = time.monotonic() + DRAIN_S
        while time.monotonic() < deadline:
            try:
                now = await self._totals()
            except HubError as error:
                log.info("examination.hub_away", reason=str(error))
            else:
                since = self._since_start(now)
                since = replace(since, stored=since.stored - await self._camera_reports())
                if since.stored + sum(since.dropped.values()) >= self._estate.ledger.generated:
                    break
            await asyncio.sleep(_POLL_S)
        await asyncio.sleep(_STRAGGLERS_S)

    async def _stored(self) -> Stored:
        records = {
            name: await self._records(name, prefix)
            for name, prefix in self._estate.record_prefixes.items()
        }
        handed_over = await self._handed_over()
        return Stored(handed_over.stored, records, handed_over.dropped)

    async def _handed_over(self) -> _Totals:
        """What devices handed over: all that is stored, less what cameras' agents said themselves.

        Cameras go on reporting: the two figures belong together only if nothing came in between.
        """
        for _ in range(_READINGS):
            before = self._since_start(await self._totals())
            reports = await self._camera_reports()
            after = self._since_start(await self._totals())
            if before.stored == after.stored:
                break
        return replace(after, stored=after.stored - reports)

    async def _camera_reports(self) -> int:
        """What cameras' agents have said of their pictures: nothing that a camera handed over."""
        count = 0
        for camera in self._estate.site.cameras():
            async for row in self._client.observations(self._site, device=camera):
                count += row["received_at"] >= self._began_at
        return count

    async def _records(self, device: str, prefix: str) -> list[str]:
        """The record ids that the hub has of this run's controller, one for each row."""
        ids: list[str] = []
        async for row in self._client.observations(self._site, device=device):
            source_id = row["source_id"]
            if source_id is not None and source_id.startswith(prefix):
                ids.append(source_id)
        return ids

    async def _totals(self) -> _Totals:
        counters = await self._client.counters(self._site)
        dropped: dict[str, int] = {}
        for agent in await self._client.agents(self._site):
            lanes: dict[str, Any] = agent["lanes"]
            for lane, figures in lanes.items():
                if lane == _PICTURES:
                    continue
                dropped[lane] = dropped.get(lane, 0) + figures["dropped"]
        return _Totals(counters["stored"], dropped)

    def _since_start(self, now: _Totals) -> _Totals:
        dropped = {
            lane: count - self._before.dropped.get(lane, 0) for lane, count in now.dropped.items()
        }
        return _Totals(now.stored - self._before.stored, dropped)

"""An examination of a real estate, against a hub of which the test decides what it forgets."""

import asyncio
import json
import time
from pathlib import Path

import pytest
from aiohttp import web

from simulators import examination, scenario, site
from simulators.estate import Estate
from simulators.examination import Examination
from simulators.hubclient import HubClient
from simulators.ledger import Ledger
from tests.simulators.cabin_pictures import SHIPPED
from wire import Clock

pytestmark = pytest.mark.socket

CONFIGS = Path(__file__).parents[2] / "configs"


class Hub:
    """Edge and hub in one: takes pushes, and answers the API from what it took.

    forgets: event whose first record is lost. doubles: event whose first record is there twice.
    blind: condition that it never finds.
    """

    def __init__(self, *, forgets=None, doubles=None, blind=None):
        self.rows = []
        self.alerts = []
        self.ledger = None
        self._known = set()
        self._forgets, self._doubles, self._blind = forgets, doubles, blind
        self._told = 0

    async def __aenter__(self):
        app = web.Application()
        app.router.add_post("/{family:gate|barrier|panel}/{device}/events", self._events)
        app.router.add_post("/api/login", self._json({"user": {}, "csrf": "c"}))
        app.router.add_get("/api/sites/jinxiu/snapshot", self._json({"cursor": 0, "alerts": []}))
        app.router.add_get("/api/sites/jinxiu/counters", self._counters)
        app.router.add_get("/api/sites/jinxiu/agents", self._json([]))
        app.router.add_get("/api/sites/jinxiu/observations", self._observations)
        app.router.add_get("/api/sites/jinxiu/stream", self._stream)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *error):
        await self._runner.cleanup()

    @staticmethod
    def _json(answer):
        async def handler(request):
            return web.json_response(answer)

        return handler

    async def _events(self, request):
        for record in (await request.json())["records"]:
            key = request.match_info["device"], record["record_id"]
            if key in self._known:
                continue  # a camera repeats itself
            self._known.add(key)
            copies = 1
            if record["event"] == self._forgets:
                copies, self._forgets = 0, None
            elif record["event"] == self._doubles:
                copies, self._doubles = 2, None
            row = {"device": request.match_info["device"], "source_id": record["record_id"]}
            self.rows += [row] * copies
        return web.json_response({})

    async def _counters(self, request):
        return web.json_response({"stored": len(self.rows) + self.ledger.answered.total()})

    async def _observations(self, request):
        """Two to a page, so that paging is walked too."""
        mine = [row for row in self.rows if row["device"] == request.query["device"]]
        start = int(request.query.get("after", 0))
        rest = start + 2 < len(mine)
        page = {"items": mine[start : start + 2], "next": str(start + 2) if rest else None}
        return web.json_response(page)

    async def _stream(self, request):
        """Finds whatever is true at once, like a perfect hub."""
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await answer.prepare(request)
        while True:
            for truth in self.ledger.truths[self._told :]:
                self._told += 1
                if truth.kind != self._blind:
                    await answer.write(_alert(self._told, truth))
            await asyncio.sleep(0.01)


def _alert(position, truth):
    body = {
        "id": f"a{position}",
        "condition": truth.kind,
        "device": truth.device,
        "state": "unacknowledged",
        "at": truth.at,
    }
    data = json.dumps({"position": position, "at": truth.at, "body": body})
    return f"event: alert\nid: {position}\ndata: {data}\n\n".encode()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(examination, "SETTLE_S", 1.0)
    monkeypatch.setattr(examination, "DRAIN_S", 1.0)


async def examined(hub, *, seconds=20.0):
    loaded = scenario.load(CONFIGS / "scenarios" / "demo.toml")
    place = site.load(CONFIGS / "sites" / "jinxiu.toml")
    clock = Clock(time.monotonic, time.time_ns() // 1_000_000, time.monotonic(), 20.0)
    with Ledger() as ledger:
        hub.ledger = ledger
        async with (
            hub,
            Estate(place, loaded, clock=clock, ledger=ledger, elevators=SHIPPED) as estate,
            HubClient(hub.url, name="examiner", password="x") as client,
            Examination(client, estate) as examined,
        ):
            estate.attach({agent.id: hub.url for agent in place.agent})
            await estate.run(seconds)
            return await examined.report()


async def test_perfect_hub_passes_a_run_in_which_everything_was_told():
    report = await examined(Hub(), seconds=16.0)
    assert report["passed"]
    assert report["scenario"] == "demo"
    assert report["sim_s"] >= 15.0
    assert report["wall_s"] == pytest.approx(report["sim_s"] / 20.0, rel=0.05)
    counts = report["observations"]
    assert counts["generated"] == counts["stored"] >= 8
    forced = next(one for one in report["events"] if one["kind"] == "door-forced")
    assert (forced["truth"], forced["detected"]) == (1, 1)
    assert forced["latency_s"]["p99"] > 0


@pytest.mark.parametrize(
    ("hub", "lost", "duplicated"),
    [
        pytest.param({"forgets": "opened"}, 1, 0, id="a-record-lost"),
        pytest.param({"doubles": "closed"}, 0, 1, id="a-record-twice"),
    ],
)
async def test_what_the_hub_loses_or_doubles_fails_the_run(hub, lost, duplicated):
    report = await examined(Hub(**hub))
    assert not report["passed"]
    assert report["observations"]["lost"] == lost
    assert report["observations"]["duplicated"] == duplicated


async def test_alert_that_never_comes_fails_the_run():
    report = await examined(Hub(blind="door-forced"))
    assert not report["passed"]
    missed = {one["kind"]: one["missed"] for one in report["events"]}
    assert missed.pop("door-forced") == 1
    assert set(missed.values()) == {0}

import asyncio
import time

import aiohttp
import pytest
from aiohttp import web

from simulators.gate import GateController
from simulators.gatepush import BATCH, OFFLINE_S, PushQueue, Target
from simulators.gateserver import GateServer
from simulators.ledger import Ledger
from wire import Clock

pytestmark = pytest.mark.socket

TOKEN = "t" * 24


class Receiver:
    """A small edge: answers with the statuses it was given, then 200; notes what came."""

    def __init__(self, *statuses):
        self.statuses = list(statuses)
        self.pushes = []
        self.tokens = set()
        self.url = ""

    async def __aenter__(self):
        app = web.Application()
        app.router.add_post("/gate/{device}/events", self._events)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *error):
        await self._runner.cleanup()

    async def _events(self, request):
        self.tokens.add(request.headers["Authorization"])
        records = (await request.json())["records"]
        self.pushes.append([(request.match_info["device"], one["record_id"]) for one in records])
        return web.json_response({}, status=self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
def clock():
    return Clock(time.monotonic, 1_700_000_000_000, time.monotonic(), 20.0)


@pytest.fixture
async def queue(clock):
    async with aiohttp.ClientSession() as session:
        made = PushQueue("g1", clock=clock, session=session)
        task = asyncio.create_task(made.run())
        yield made
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def record(number):
    return {"record_id": f"r{number}", "event": "state", "time": 1}


async def drained(queue):
    async with asyncio.timeout(45):
        await queue.drained()


async def test_records_are_pushed_with_the_token_and_forgotten_after_200(queue):
    async with Receiver() as edge:
        queue.attach(Target(edge.url, TOKEN))
        queue.put(record(1))
        await drained(queue)
        assert edge.pushes == [[("g1", "r1")]]
        assert edge.tokens == {f"Bearer {TOKEN}"}
        assert queue.waiting == 0


async def test_refused_push_is_repeated_with_the_same_ids(queue):
    async with Receiver(503, 500, 401) as edge:
        queue.attach(Target(edge.url, TOKEN))
        queue.put(record(1))
        await drained(queue)
        assert edge.pushes == [[("g1", "r1")]] * 4
        assert queue.failures == 3


async def test_records_made_while_the_edge_is_away_wait_in_order(queue):
    async with Receiver() as edge:
        gone = edge.url
    queue.attach(Target(gone, TOKEN))
    for number in range(3):
        queue.put(record(number))
    async with asyncio.timeout(45):
        while queue.failures == 0:  # noqa: ASYNC110 - a counter has no event
            await asyncio.sleep(0.01)
    assert queue.waiting == 3
    async with Receiver() as edge:
        queue.attach(Target(edge.url, TOKEN))
        await drained(queue)
        assert [one for push in edge.pushes for one in push] == [
            ("g1", "r0"),
            ("g1", "r1"),
            ("g1", "r2"),
        ]


async def test_long_backlog_goes_in_batches_that_the_edge_takes(queue):
    for number in range(BATCH + 5):
        queue.put(record(number))
    async with Receiver() as edge:
        queue.attach(Target(edge.url, TOKEN))
        await drained(queue)
        assert [len(push) for push in edge.pushes] == [BATCH, 5]


async def test_push_that_cannot_be_read_is_not_repeated(queue):
    async with Receiver(400) as edge:
        queue.attach(Target(edge.url, TOKEN))
        queue.put(record(1))
        await drained(queue)
        assert len(edge.pushes) == 1


@pytest.fixture
async def server(clock):
    with Ledger() as ledger:
        gate = GateController(
            "g1", clock=clock, ledger=ledger, put=lambda record: None, admits=lambda card: None
        )
        async with GateServer({"g1": gate}, {"g1": TOKEN}) as served:
            yield served, gate


@pytest.mark.parametrize(
    ("token", "body", "status"),
    [
        (TOKEN, {"action": "open", "id": "c1"}, 200),
        (TOKEN, {"action": "hold-open", "id": "c1", "lease_s": 60}, 200),
        (TOKEN, {"action": "hold-open", "id": "c1"}, 409),
        ("wrong", {"action": "open", "id": "c1"}, 401),
        ("wröng", {"action": "open", "id": "c1"}, 401),
        (TOKEN, {"action": "explode", "id": "c1"}, 400),
        (TOKEN, {"action": "open"}, 400),
    ],
)
async def test_command_is_obeyed_only_when_it_is_whole_and_shows_the_token(
    server, token, body, status
):
    served, gate = server
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            served.url("g1") + "/command", json=body, headers={"Authorization": f"Bearer {token}"}
        ) as answer,
    ):
        assert answer.status == status
    assert gate.locked is (status != 200)


async def test_command_for_a_gate_that_is_not_there_is_404(server):
    served, _ = server
    async with (
        aiohttp.ClientSession() as session,
        session.post(served.url("g9") + "/command", json={}) as answer,
    ):
        assert answer.status == 404


def test_record_that_has_waited_is_sent_as_one_of_the_offline_list():
    seconds = [0.0]
    queue = PushQueue("g", clock=Clock(lambda: seconds[0], 0, 0.0), session=None)
    queue.put({"record_id": "1", "event": "opened"})
    seconds[0] = OFFLINE_S + 0.1
    queue.put({"record_id": "2", "event": "closed"})
    assert queue._batch() == [
        {"record_id": "1", "event": "opened", "historical": True},
        {"record_id": "2", "event": "closed"},
    ]

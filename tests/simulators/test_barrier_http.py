"""A plate camera's manners: it repeats itself, and keeps what it could not deliver."""

import asyncio

import aiohttp
import pytest
from aiohttp import web

from simulators.gatepush import Habit, PushQueue, Target
from wire import Clock

pytestmark = pytest.mark.socket

TOKEN = "t" * 24


class Receiver:
    """A small edge: answers with the statuses it was given, then 200; notes what came."""

    def __init__(self, *statuses):
        self.statuses = list(statuses)
        self.pushes = []

    async def __aenter__(self):
        app = web.Application()
        app.router.add_post("/barrier/{device}/events", self._events)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *error):
        await self._runner.cleanup()

    async def _events(self, request):
        self.pushes.append((await request.json())["records"])
        return web.json_response({}, status=self.statuses.pop(0) if self.statuses else 200)


async def pushed(edge, habit, records):
    clock = Clock(lambda: 0.0, 1_700_000_000_000, 0.0, 50.0)  # stands still: nothing gets old
    async with aiohttp.ClientSession() as session:
        queue = PushQueue("b1", clock=clock, session=session, habit=habit)
        for number in range(records):
            queue.put({"record_id": f"r{number}", "event": "seen"})
        queue.attach(Target(edge.url, TOKEN))
        task = asyncio.create_task(queue.run())
        async with asyncio.timeout(45):
            await queue.drained()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    return queue


def ids(edge):
    return [[one["record_id"] for one in push] for push in edge.pushes]


async def test_lost_answer_has_the_same_records_pushed_again():
    losses = [True, True, False, False]
    async with Receiver() as edge:
        habit = Habit(path="barrier", batch=1, loses_answer=lambda: losses.pop(0))
        queue = await pushed(edge, habit, 2)
    assert ids(edge) == [["r0"], ["r0"], ["r0"], ["r1"]]
    assert (queue.repeats, queue.failures) == (2, 0)
    assert edge.pushes[0] == edge.pushes[1]


async def test_what_could_not_be_pushed_four_times_is_the_offline_list():
    async with Receiver(503, 503, 503, 503) as edge:
        queue = await pushed(edge, Habit(path="barrier", batch=4, offline_after=4), 2)
    assert queue.failures == 4
    assert [["historical" in one for one in push] for push in edge.pushes] == [
        *[[False, False]] * 4,
        [True, True],
    ]


async def test_three_failures_are_no_offline_list_yet():
    async with Receiver(503, 503, 503) as edge:
        await pushed(edge, Habit(path="barrier", offline_after=4), 1)
    assert not any("historical" in one for push in edge.pushes for one in push)


async def test_long_list_goes_in_batches():
    async with Receiver() as edge:
        await pushed(edge, Habit(path="barrier", batch=4), 9)
    assert [len(push) for push in edge.pushes] == [4, 4, 1]

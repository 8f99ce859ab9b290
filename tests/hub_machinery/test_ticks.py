"""When the hub ticks: in its time, and as soon as a timer is due that somebody has set."""

import asyncio
import itertools
import threading
import time
from concurrent.futures import Future
from contextlib import asynccontextmanager

from hub.errors import UnavailableError
from hub.pipeline import Committed
from hub.pipeline.ticks import Ticks
from tests.hub_machinery.estate import SITE, T0, Agent, a_line, done, gate
from wire import Clock

HOUR_S = 3600.0
DEADLINE_S = 45.0


class Ticking:
    """Stands where the pipeline does, and remembers when it was told to tick, hub clock, ms."""

    def __init__(self):
        self.at = []
        self.told = asyncio.Event()
        self.refuses = 0

    def tick(self, now):
        self.at.append(now)
        self.told.set()
        answer = Future()
        if self.refuses:
            self.refuses -= 1
            answer.set_exception(UnavailableError("the hub is stopping"))
        else:
            answer.set_result(0)
        return answer

    async def times(self, count):
        async with asyncio.timeout(DEADLINE_S):
            while len(self.at) < count:
                self.told.clear()
                await self.told.wait()


@asynccontextmanager
async def ticking(*, period_s, least_s=0.0, rate=1.0):
    clock = Clock(time.monotonic, T0, time.monotonic(), rate)
    pipeline = Ticking()
    ticks = Ticks(pipeline, clock, period_s=period_s, least_s=least_s)
    task = asyncio.create_task(ticks.run())
    await pipeline.times(1)
    try:
        yield ticks, pipeline, clock
    finally:
        task.cancel()
        await asyncio.wait({task})


def due(at):
    return Committed(frozenset(), (), due_at=at)


async def test_it_ticks_again_and_again_by_itself_even_when_the_store_refuses():
    async with ticking(period_s=0.01) as (_, pipeline, _clock):
        pipeline.refuses = 2
        await pipeline.times(5)
    assert pipeline.at == sorted(pipeline.at)


async def test_a_timer_that_a_commit_sets_is_not_kept_waiting_for_the_period():
    async with ticking(period_s=HOUR_S) as (ticks, pipeline, clock):
        at = clock.now() + 80
        threading.Thread(target=ticks.committed, args=(due(at + HOUR_S * 500),)).start()
        threading.Thread(target=ticks.committed, args=(due(at),)).start()
        await pipeline.times(2)
        assert at <= pipeline.at[1] < at + HOUR_S * 500


async def test_timers_that_are_due_already_leave_the_writer_time_for_other_work():
    async with ticking(period_s=HOUR_S, least_s=0.05) as (ticks, pipeline, clock):
        for count in (2, 3):
            ticks.committed(due(clock.now() - 1))
            await pipeline.times(count)
    apart = [late - early for early, late in itertools.pairwise(pipeline.at)]
    assert min(apart) >= 45


async def test_a_fast_clock_brings_a_timer_in_its_own_time():
    async with ticking(period_s=24 * HOUR_S, rate=3600.0) as (ticks, pipeline, clock):
        at = clock.now() + 600_000
        ticks.committed(due(at))
        await pipeline.times(2)
        assert pipeline.at[1] >= at


def test_a_commit_tells_of_the_first_timer_that_it_set(tmp_path):
    with a_line(tmp_path) as line:
        line.committed.clear()
        line.handle(Agent().message(gate(T0, "opened", open=True)))
        (told,) = [one.due_at for one in line.committed]
    assert told is not None
    assert T0 <= told <= T0 + 1000


def test_a_timer_that_no_tick_clears_brings_no_tick_forward_and_a_new_one_does(
    tmp_path, monkeypatch
):
    with a_line(tmp_path) as line:
        agent, now = Agent(), T0 + 10_000
        line.handle(agent.message(gate(T0, "opened", open=True)))
        past = itertools.count(T0)
        door = type(line.registry.rule(SITE, "door", "gate-east"))
        monkeypatch.setattr(door, "due", lambda _self, _state: next(past))
        line.committed.clear()
        for later in (0, 500):
            done(line.pipeline.tick(now + later))
        told = [one.due_at for one in line.committed if one.due_at is not None]
        assert next(past) == T0 + 2  # its state was served, and saved, each time
        assert [due for due in told if due <= now] == []
        line.handle(agent.message(gate(now, "closed", open=False), now=now))
        assert T0 < line.committed[-1].due_at < now

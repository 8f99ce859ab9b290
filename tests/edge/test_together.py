"""Parts that run together end together, even when a cancellation got lost."""

import asyncio

import pytest

from edge import together as module
from edge.together import stop, together


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(module, "STOP_AGAIN_S", 0.01)


async def for_ever():
    await asyncio.Event().wait()


class LosesOne:
    """A part that loses its first cancellation, as `asyncio.wait_for` of Python 3.11 may."""

    def __init__(self):
        self.lost = 0
        self.ended = False

    async def run(self):
        try:
            while True:
                try:
                    await for_ever()
                except asyncio.CancelledError:
                    if self.lost:
                        raise
                    self.lost += 1
        finally:
            self.ended = True


async def test_first_failure_is_raised_and_ends_the_others():
    async def fails():
        raise OSError("gone")

    other = LosesOne()
    with pytest.raises(OSError, match="gone"):
        await together(other.run(), fails())
    assert other.ended


async def test_cancelling_ends_a_part_that_lost_its_first_cancellation():
    part = LosesOne()
    running = asyncio.create_task(together(part.run(), for_ever()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(running, timeout=45)
    assert part.ended
    assert part.lost == 1


async def test_stopping_passes_on_its_own_cancellation_once_all_are_done():
    part = LosesOne()
    task = asyncio.create_task(part.run())
    await asyncio.sleep(0)
    stopping = asyncio.create_task(stop([task]))
    await asyncio.sleep(0)
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    assert task.done()

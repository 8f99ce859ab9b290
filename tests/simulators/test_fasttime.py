import asyncio
import time

from bench.day import measure
from simulators.fasttime import run_fast


def test_sleepers_wake_in_order_without_anybody_waiting():
    woken = []

    async def sleep(seconds):
        await asyncio.sleep(seconds)
        woken.append((seconds, asyncio.get_running_loop().time()))

    async def all_of_them():
        await asyncio.gather(*(sleep(seconds) for seconds in (86_400, 5, 3_600.5)))

    began = time.monotonic()
    run_fast(all_of_them())
    assert woken == [(5, 5), (3_600.5, 3_600.5), (86_400, 86_400)]
    assert time.monotonic() - began < 60


def test_an_hour_of_an_estate_is_lived_to_its_end():
    told = measure(0.05)
    assert told["readings"] in {68 * 18, 68 * 19}  # each sensor each 10 s, the last at the very end
    assert told["records"] > 80 * 8

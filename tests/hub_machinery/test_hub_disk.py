"""What the hub measures of itself becomes an alarm and a case at each site, and ends by itself."""

import asyncio
import shutil
from typing import NamedTuple

from hub.app.disk import watch_disk
from hub.rules.hub_disk import FREE_GB, SIZE_GB
from hub.store.schema import alert, case_
from tests.hub_machinery.estate import SITE, T0, done


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_a_disk_nearly_full_is_an_alarm_of_the_hub_itself(line):
    done(line.pipeline.felt({FREE_GB: 1.0, SIZE_GB: 100.0}, T0))
    done(line.pipeline.felt({FREE_GB: 0.5, SIZE_GB: 100.0}, T0 + 30_000))
    (told,) = line.rows(alert)
    assert (told["site"], told["device"], told["condition"]) == (SITE, "hub", "disk-nearly-full")
    assert (told["priority"], told["returned_at"]) == ("P1", None)
    assert len(line.rows(case_)) == 1
    line.restart()
    done(line.pipeline.felt({FREE_GB: 50.0, SIZE_GB: 100.0}, T0 + 60_000))
    (told,) = line.rows(alert)
    assert told["returned_at"] == T0 + 60_000


async def test_the_disk_is_looked_at_and_a_folder_that_is_away_is_waited_out(
    line, tmp_path, monkeypatch
):
    nearly_full, roomy = Usage(100 * 10**9, 99 * 10**9, 10**9), Usage(10**12, 0, 10**12)
    told = iter([OSError("away"), nearly_full, roomy])
    looked = asyncio.Event()
    here = asyncio.get_running_loop()

    def usage(folder):
        assert folder == tmp_path
        room = next(told, None)
        if room is None:
            here.call_soon_threadsafe(looked.set)
            return roomy
        if isinstance(room, OSError):
            raise room
        return room

    monkeypatch.setattr(shutil, "disk_usage", usage)
    task = asyncio.create_task(watch_disk(line.pipeline, tmp_path, lambda: T0, 0.01))
    async with asyncio.timeout(60):
        await looked.wait()
    task.cancel()
    (found,) = line.rows(alert)
    assert found["returned_at"] is not None

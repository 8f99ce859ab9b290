"""A simulated camera's shutter keeps its time, however long its pictures take to be drawn."""

import asyncio
import itertools
import time

import av
import pytest

from simulators.camera import LATE_S, CameraServer, SimulatedCamera
from simulators.scenery import still_room

FPS = 15
WANTED = 24


@pytest.mark.socket
async def test_a_picture_shows_the_moment_that_its_stamp_names_when_drawing_stumbles():
    room, drawn = still_room(2, 320, 180), []

    def scene(t):
        drawn.append(t)
        if len(drawn) % 8 == 0:
            time.sleep(LATE_S / 2)
        return room(t)

    async with CameraServer({"cam": SimulatedCamera("cam", scene, fps=FPS)}) as server:
        stamps = await _stamps(server.url("cam"))
    shown = drawn[1 : len(stamps) + 1]  # the first one told the encoder the size
    offsets = [t - stamp for t, stamp in zip(shown, stamps, strict=True)]
    assert offsets == pytest.approx([offsets[0]] * len(offsets), abs=0.002)
    steps = [round((later - t) * FPS, 6) for t, later in itertools.pairwise(shown)]
    assert steps == [round(step) for step in steps]


async def _stamps(url):
    """The stream's own times of its first pictures, s."""

    def read():
        with av.open(url, timeout=60) as container:
            found = []
            for frame in container.decode(video=0):
                found.append(frame.time)
                if len(found) >= WANTED:
                    return found
        return found

    return await asyncio.to_thread(read)

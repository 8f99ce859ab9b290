"""Cameras that are tampered with: told first, seen then, and over in the end."""

import asyncio
import time

import pytest

from simulators.camera import SimulatedCamera
from simulators.ledger import Ledger
from simulators.scenery import still_room
from simulators.tampering import Tampering
from wire import Clock


@pytest.mark.parametrize(("how", "kind"), [("covered", "camera-blind"), ("moved", "camera-moved")])
async def test_truth_is_told_before_the_picture_changes_and_the_camera_is_freed_again(how, kind):
    clock = Clock(time.monotonic, 1_700_000_000_000, time.monotonic(), rate=20.0)
    camera = SimulatedCamera("cam-1", still_room(1, 64, 48))
    with Ledger() as ledger:
        blinding = asyncio.create_task(
            Tampering(clock, {"cam-1": camera}, ledger).blind("cam-1", how, 10.0)
        )
        await asyncio.sleep(0.05)
        (truth,) = ledger.truths
        assert (truth.kind, truth.device) == (kind, "cam-1")
        assert truth.shown is not None
        assert camera.blinds.blindness == how
        await blinding
    assert camera.blinds.blindness is None
    assert camera.sends

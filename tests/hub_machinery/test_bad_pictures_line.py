"""Hostile pictures from a frame's envelope to the alarm, through the detector's real child."""

import os
import signal
import time

import cv2
import numpy as np
import pytest

from hub.store.schema import alert, observation
from hub.vision.detector import Detector, Limits
from hub.vision.model import load_model
from hub.vision.stream import Eye, FrameStream
from tests.hub_machinery import estate
from tests.hub_machinery.estate import T0, Agent, done
from tests.vision_ebike import tiny_onnx
from tests.vision_ebike.test_picture_header import resized_header
from wire import ContentType, Lane
from wire.media import Frame

CARS = "".join(
    f"""
[[agent]]
id = "lift-{car}"
name = {{ zh = "梯", en = "Lift" }}

[[agent.device]]
id = "car-{car}"
kind = "elevator-camera"
name = {{ zh = "{car}号梯", en = "Car {car}" }}
place = {{ zh = "1号楼", en = "Building 1" }}
"""
    for car in (1, 2)
)
GOOD = cv2.imencode(".jpg", np.full((160, 320, 3), 20, np.uint8))[1].tobytes()
HOSTILE = {
    "truncated": GOOD[:-40],
    "decompression bomb": resized_header(GOOD, 60_000, 60_000),
    "noise behind a header": b"\xff\xd8\xff" + bytes(range(256)) * 8 + b"\xff\xd9",
}


@pytest.fixture(scope="module")
def detector(tmp_path_factory):
    model = load_model(tiny_onnx.folder(tmp_path_factory.mktemp("models")))
    with Detector(model, Limits(timeout_s=1.5)) as running:
        yield running


@pytest.fixture
def line(tmp_path, monkeypatch):
    monkeypatch.setattr(estate, "SITE_FILE", estate.SITE_FILE + CARS)
    with estate.a_line(tmp_path) as made:
        yield made


class Cars:
    """Two cars' cameras before one detector."""

    def __init__(self, line, detector):
        self.line, self.now = line, T0
        self.agents = {car: Agent(f"lift-{car}") for car in (1, 2)}
        line.now = T0
        eye = Eye(detector.detect, "tiny 1", detector.model.spec.thresholds)
        self.stream = FrameStream(eye, lambda some: line.pipeline.sighted(some, line.now))

    def show(self, car, jpeg):
        """One frame through the line, waited for until it was looked at."""
        self.now = self.line.now = self.now + 400
        frame = Frame(
            device=f"car-{car}",
            kind="elevator-camera",
            at=self.now,
            seen=self.now,
            width=320,
            height=160,
            why="watch",
            jpeg=jpeg,
        )
        message = self.agents[car].message(
            body=frame.encode(), now=self.now, lane=Lane.MEDIA, content=ContentType.FRAME
        )
        before, told = self.stream.health().seen, len(self.line.committed)
        self.line.handle(message)
        for committed in self.line.committed[told:]:
            self.stream.committed(committed)
        end = time.monotonic() + 60
        while self.stream.health().seen == before or self.line.writer.backlog():
            assert time.monotonic() < end, "the frame was not looked at"
            time.sleep(0.01)
        done(self.line.pipeline.write(0, self.now, lambda _: None))

    def alerts(self):
        """(device, condition, whether it stands)."""
        return {
            (row["device"], row["condition"], row["returned_at"] is None)
            for row in self.line.rows(alert)
        }


@pytest.mark.parametrize("name", HOSTILE)
def test_a_camera_that_sends_these_is_marked_and_the_next_ones_frame_is_served(
    name, line, detector
):
    cars = Cars(line, detector)
    with cars.stream:
        for _ in range(3):
            cars.show(1, HOSTILE[name])
            cars.show(2, GOOD)
        assert cars.alerts() == {("car-1", "detector-failing", True)}
        told = line.rows(observation, observation.c.device == "car-1")
        assert len(told) == 3
        for _ in range(3):
            cars.show(1, GOOD)
        assert cars.alerts() == {("car-1", "detector-failing", False)}


def test_a_detector_that_hangs_is_an_alarm_after_three_frames_and_the_next_one_is_served(
    line, detector, monkeypatch
):
    """Two pictures a second are watched then, each tried twice for 2 s: well within 30 s."""
    cars = Cars(line, detector)
    start = detector._start

    def start_hung():
        process = start()
        os.kill(process.pid, signal.SIGSTOP)
        return process

    with cars.stream:
        cars.show(1, GOOD)
        restarts = detector.restarts
        with monkeypatch.context() as hanging:
            hanging.setattr(detector, "_start", start_hung)
            os.kill(detector.pid, signal.SIGSTOP)
            for number in range(3):
                cars.show(1, GOOD + bytes([number]))
            assert cars.alerts() == {("car-1", "detector-failing", True)}
            assert detector.restarts == restarts + 6  # each picture was tried twice
        for _ in range(3):
            cars.show(1, GOOD)
        assert cars.alerts() == {("car-1", "detector-failing", False)}

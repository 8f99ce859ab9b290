"""The child process: what it answers, and what happens when a picture is more than it bears."""

import os
import signal
import threading
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from hub.vision.detector import Detector, Limits
from hub.vision.model import Model
from hub.vision.pipe import pack
from hub.vision.process import EndedError, Process
from hub.vision.result import Detection, Detections, Refused
from tests.vision_ebike.conftest import paint
from tests.vision_ebike.test_picture_header import png, resized_header

MIB = 1024**2


@pytest.fixture(scope="module")
def slow() -> bytes:
    """A picture that takes a good part of a second: noise in a progressive JPEG."""
    noise = np.random.default_rng(0).integers(0, 255, (2500, 2500, 3), np.uint8)
    style = [cv2.IMWRITE_JPEG_PROGRESSIVE, 1, cv2.IMWRITE_JPEG_QUALITY, 60]
    return cv2.imencode(".jpg", noise, style)[1].tobytes()


def test_a_picture_is_answered_in_its_own_pixels(detector, bright):
    answer = detector.detect(bright)
    assert isinstance(answer, Detections)
    assert (answer.width, answer.height) == (320, 160)
    (found,) = answer.found
    # the tiny model's box (4, 0, 20, 16) of 32 by 32
    assert found.box == pytest.approx((40, 0, 200, 80), abs=0.2)
    assert found.label == "ebike"
    assert found.score == pytest.approx((240 / 255) ** 0.6, abs=0.01)
    assert answer.best("ebike") == found.score
    assert answer.best("person") == 0
    assert answer.ms > 0


def test_an_empty_picture_is_answered_too(detector, dark):
    answer = detector.detect(dark)
    assert isinstance(answer, Detections)
    assert answer.found == ()


def test_other_pictures_than_colour_jpegs(detector):
    grey = cv2.imencode(".jpg", np.full((40, 60), 240, np.uint8))[1].tobytes()
    see_through = cv2.imencode(".png", np.full((40, 60, 4), 240, np.uint8))[1].tobytes()
    for data in (grey, see_through):
        answer = detector.detect(data)
        assert isinstance(answer, Detections)
        assert len(answer.found) == 1


def test_a_decoded_frame(detector):
    answer = detector.detect_frame(paint(64, 32, 255).tobytes(), 64, 32)
    assert isinstance(answer, Detections)
    assert answer.found == (Detection("ebike", 1.0, (8.0, 0.0, 40.0, 16.0)),)


@pytest.mark.parametrize(("pixels", "width"), [(bytes(10), 64), (b"", 0)])
def test_a_frame_of_another_size_is_refused(detector, pixels, width):
    answer = detector.detect_frame(pixels, width, 32)
    assert isinstance(answer, Refused)


def test_refusals_leave_the_child_alone(detector, bright):
    pid, restarts = detector.pid, detector.restarts
    broken = [
        b"",
        bright[:-40],  # truncated
        resized_header(bright, 60000, 60000),  # bombs
        png(100_000, 100_000),
        png(20, 10),  # a header in order, nothing behind it
        b"\xff\xd8\xff" + os.urandom(2000) + b"\xff\xd9",
    ]
    for data in broken:
        assert isinstance(detector.detect(data), Refused)
    assert isinstance(detector.detect(bright), Detections)
    assert (detector.pid, detector.restarts) == (pid, restarts)


def test_a_child_that_was_killed_is_replaced_within_the_same_question(tiny, bright):
    with Detector(tiny) as detector:
        before = detector.pid
        os.kill(before, signal.SIGKILL)
        assert isinstance(detector.detect(bright), Detections)
        assert detector.pid != before
        assert detector.restarts == 1
    assert not alive(before)


def test_a_hang_is_killed_and_the_next_frame_is_served(tiny, bright, dark):
    with Detector(tiny, Limits(timeout_s=1)) as detector:
        detector.detect(dark)
        stopped = detector.pid
        os.kill(stopped, signal.SIGSTOP)
        begin = time.monotonic()
        answer = detector.detect(bright)  # the first try hangs, the second is a fresh child's
        assert time.monotonic() - begin >= 1
        assert isinstance(answer, Detections)
        assert not alive(stopped)
        assert isinstance(detector.detect(dark), Detections)


def test_a_frame_that_ends_the_child_twice_is_poison(tiny, bright):
    big = bytes(4000 * 3900 * 3)  # allowed, and more than this child can hold
    with tight(tiny) as detector:
        answer = detector.detect_frame(big, 4000, 3900)
        assert isinstance(answer, Refused)
        assert answer.reason == "poison"
        assert detector.restarts == 2
        assert isinstance(detector.detect(bright), Detections)
        pid = detector.pid
        again = detector.detect_frame(big, 4000, 3900)
        assert isinstance(again, Refused)
        assert again.reason == "poison"
        assert (detector.pid, detector.restarts) == (pid, 2)  # refused without another try


def test_a_jpeg_that_needs_too_much_memory_is_refused(tiny, bright):
    # a progressive JPEG's coefficients are held whole, whatever size it is decoded at
    progressive = [cv2.IMWRITE_JPEG_PROGRESSIVE, 1, cv2.IMWRITE_JPEG_QUALITY, 30]
    big = cv2.imencode(".jpg", paint(4400, 3600, 200), progressive)[1].tobytes()
    with tight(tiny) as detector:
        assert isinstance(detector.detect(big), Refused)
        assert isinstance(detector.detect(bright), Detections)


def test_a_frame_that_hangs_twice_is_poison(tiny, slow):
    with Detector(tiny, Limits(timeout_s=0.03)) as detector:
        answer = detector.detect(slow)
        assert isinstance(answer, Refused)
        assert answer.reason == "poison"
        assert "0.03 s" in answer.detail


def test_threads_may_share_a_detector(detector, bright, dark):
    wrong = []

    def ask(data: bytes, count: int) -> None:
        for _ in range(10):
            answer = detector.detect(data)
            if not isinstance(answer, Detections) or len(answer.found) != count:
                wrong.append(answer)

    threads = [threading.Thread(target=ask, args=pair) for pair in ((bright, 1), (dark, 0)) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_child_ends_itself_when_nobody_is_left_to_end_it(tiny, slow):
    process = Process()
    spec = tiny.spec.model_dump(mode="json")
    order = {"spec": spec, "memory_bytes": 2**31, "alone_s": 0.02}
    try:
        assert process.ask(pack(order, tiny.network), 30) == {"ready": True}
        with pytest.raises(EndedError, match=f"signal {signal.SIGALRM.value}"):
            process.ask(pack({"do": "picture"}, slow), 30)
    finally:
        process.close()


def test_closing_ends_the_child(tiny, bright):
    detector = Detector(tiny)
    pid = detector.pid
    detector.close()
    detector.close()
    assert not alive(pid)
    assert detector.pid is None


def test_the_child_sees_little_of_the_hubs_environment(tiny, monkeypatch):
    monkeypatch.setenv("GATEHOUSE_SECRET_SETTING", "do-not-pass-on")
    with Detector(tiny) as detector:
        environment = Path(f"/proc/{detector.pid}/environ").read_bytes()
    assert b"PYTHONPATH" in environment
    assert b"do-not-pass-on" not in environment


def test_the_child_may_write_no_file(tiny):
    with Detector(tiny) as detector:
        limits = Path(f"/proc/{detector.pid}/limits").read_text().splitlines()
    (size,) = [line for line in limits if line.startswith("Max file size")]
    assert size.split()[3:5] == ["0", "0"]


def tight(model: Model) -> Detector:
    """A detector whose child has 24 MiB to spare."""
    with Detector(model) as probe:
        used = address_space(probe.pid)
    return Detector(model, Limits(memory_bytes=used + 24 * MIB, timeout_s=10))


def alive(pid: int | None) -> bool:
    return pid is not None and Path(f"/proc/{pid}").exists()


def address_space(pid: int) -> int:
    """Virtual memory at its peak, bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (peak,) = [line for line in lines if line.startswith("VmPeak")]
    return int(peak.split()[1]) * 1024

"""Time per frame of the e-bike detector on one thread, decoding included: aim 15 ms.

`python -m bench.ebike [--model NAME] [--frames N] [--picture FILE]` prints one JSON line. Without
a picture, a made-up one of an elevator camera's usual size (704x576) is used.
"""

import argparse
import os
import time
from pathlib import Path

import cv2
import numpy as np

from bench.report import emit
from gatehouse.detect_ebike import DEFAULT_MODEL, ebike_model
from hub.vision.detector import Detector
from hub.vision.result import Detections

AIM_MS = 15.0
WARM_UP = 10


def main() -> None:
    """Measure, after a few frames that do not count."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--model", default=DEFAULT_MODEL)
    ask.add_argument("--frames", type=int, default=200)
    ask.add_argument("--picture", type=Path)
    given = ask.parse_args()
    picture = given.picture.read_bytes() if given.picture else _made_up()
    inside, outside, cpu_before, size = [], [], 0.0, ""
    with Detector(ebike_model(given.model)) as detector:
        for number in range(given.frames + WARM_UP):
            if number == WARM_UP:
                cpu_before = _cpu_ms(detector.pid)
            begin = time.perf_counter()
            answer = detector.detect(picture)
            took = (time.perf_counter() - begin) * 1000
            if not isinstance(answer, Detections):
                raise SystemExit(f"{answer.reason}: {answer.detail}")
            size = f"{answer.width}x{answer.height}"
            if number >= WARM_UP:
                inside.append(answer.ms)
                outside.append(took)
        cpu = (_cpu_ms(detector.pid) - cpu_before) / given.frames
        name, memory = detector.model.spec.name, _resident_mb(detector.pid)
    emit(
        "ebike",
        f"{size}, one thread",
        model=name,
        picture_bytes=len(picture),
        frames=given.frames,
        child_ms=_spread(inside),
        with_pipe_ms=_spread(outside),
        child_cpu_ms=round(cpu, 2),  # what others on a busy machine do not blur
        child_rss_mb=memory,
        aim_ms=AIM_MS,
        met=cpu <= AIM_MS,
    )


def _spread(times: list[float]) -> dict[str, float]:
    marks = {"min": 0, "median": 50, "p90": 90, "p99": 99}
    return {name: round(float(np.percentile(times, at)), 2) for name, at in marks.items()}


def _made_up() -> bytes:
    rng = np.random.default_rng(1)
    rough = rng.integers(40, 200, (9, 11, 3), np.uint8)
    image = cv2.resize(rough, (704, 576), interpolation=cv2.INTER_CUBIC)
    image = cv2.add(image, rng.integers(0, 14, image.shape, np.uint8))
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes()


def _cpu_ms(pid: int | None) -> float:
    """User and system time of a process so far: fields 14 and 15 of proc_pid_stat(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def _resident_mb(pid: int | None) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return round(next(int(ln.split()[1]) for ln in lines if ln.startswith("VmRSS")) / 1024, 1)


if __name__ == "__main__":
    main()

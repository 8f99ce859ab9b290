"""Frames per second of the falling-object front end against OpenCV's MOG2, one core, no decoding.

python -m bench.falling_frontend [frames]   prints one JSON line.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from bench.report import emit
from edge.vision.falling import FallingFrontEnd
from simulators.facade import Scene, render

FPS = 25.0
CASE = "1920x1080, one core"
Picture = np.ndarray[Any, np.dtype[np.uint8]]


def main(count: int) -> None:
    """Measure both over the same pictures; CPU time, so that a busy machine matters little."""
    cv2.setNumThreads(1)
    scene = Scene(
        seed=7,
        rows=1080,
        fps=FPS,
        seconds=count / FPS,
        fall="heavy",
        decoys=("tree", "bird", "leaf", "laundry"),
    )
    pictures = list(render(scene).frames)
    front_end = FallingFrontEnd(1920, 1080, fps=FPS)
    ours = _rate(pictures, front_end.step)
    mog2 = cv2.createBackgroundSubtractorMOG2(history=300, varThreshold=100, detectShadows=False)

    def components(picture: Picture, _at_s: float) -> None:
        cv2.connectedComponentsWithStats(mog2.apply(picture))

    theirs = _rate(pictures, components)
    emit(
        "falling_frontend",
        CASE,
        frames=len(pictures),
        fps=round(ours, 1),
        mog2_with_components_fps=round(theirs, 1),
        times_mog2=round(ours / theirs, 2),
    )


def _rate(pictures: list[Picture], step: Callable[[Picture, float], object]) -> float:
    """Pictures per second of CPU time, without the first second's warm-up."""
    warm, begin = round(FPS), 0.0
    for index, picture in enumerate(pictures):
        if index == warm:
            begin = time.process_time()
        step(picture, index / FPS)
    return (len(pictures) - warm) / (time.process_time() - begin)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 150)

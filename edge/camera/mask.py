"""Privacy masks: what a camera must not record is blacked out before a picture leaves it."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from edge.camera.source import Polygon


def paint(pixels: npt.NDArray[np.uint8], masks: Sequence[Polygon]) -> None:
    """Black out the polygons in `(H, W, 3)` uint8, in place."""
    height, width = pixels.shape[:2]
    for polygon in masks:
        corners = np.round(np.array(polygon) * (width, height)).astype(np.int32)
        cv2.fillPoly(pixels, [corners], (0, 0, 0))

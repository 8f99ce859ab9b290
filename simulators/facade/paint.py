"""Draws small moving things into a picture, with the blur of the exposure."""

import cv2
import numpy as np
from numpy.typing import NDArray

from simulators.facade.bodies import Path
from simulators.facade.camera import Camera

Picture = NDArray[np.float32]
Luma = NDArray[np.uint8]

SAMPLES = 7
"""Places of a thing during one exposure."""
FRACTION_BITS = 4
"""OpenCV draws at 1/16 px."""


def draw(picture: Picture, path: Path, camera: Camera, *, at_s: float, exposure_s: float) -> None:
    """Blend the thing into `picture` (H, W) as it was while the shutter was open."""
    found = _cover(picture.shape, path, camera, at_s=at_s, exposure_s=exposure_s)
    if found is not None:
        rows, columns, alpha = found
        patch = picture[rows, columns]
        patch += alpha * (path.luma - patch)


def draw_exposed(
    picture: Luma, path: Path, camera: Camera, *, at_s: float, exposure_s: float
) -> None:
    """Likewise into a picture that has been exposed already: levels, (H, W), in place."""
    found = _cover(picture.shape, path, camera, at_s=at_s, exposure_s=exposure_s)
    if found is not None:
        rows, columns, alpha = found
        patch = picture[rows, columns].astype(np.float32)
        picture[rows, columns] = np.round(patch + alpha * (path.luma - patch)).astype(np.uint8)


def _cover(
    shape: tuple[int, ...], path: Path, camera: Camera, *, at_s: float, exposure_s: float
) -> tuple[slice, slice, Picture] | None:
    """Where the thing is, and how much of each pixel it covers, 0..1; None where it is not."""
    if not path.near(at_s, exposure_s):
        return None
    times = at_s + np.linspace(-0.5, 0.5, SAMPLES) * exposure_s
    places, sizes, there = path.at(times)
    if not there[SAMPLES // 2]:
        return None
    u, v, scale = camera.project(places[:, 0], places[:, 1], places[:, 2])
    spans = sizes * scale[:, None]
    reach = int(np.max(spans)) + 3
    left, right = int(u.min()) - reach, int(u.max()) + reach + 1
    top, bottom = int(v.min()) - reach, int(v.max()) + reach + 1
    x0, x1 = max(0, left), min(shape[1], right)
    y0, y1 = max(0, top), min(shape[0], bottom)
    if x0 >= x1 or y0 >= y1:
        return None
    alpha = np.zeros((y1 - y0, x1 - x0), np.float32)
    for k in range(SAMPLES):
        if not there[k]:
            continue
        angle = 360 * path.spin * (times[k] - path.start_s)
        alpha += _stamp(alpha.shape, (u[k] - x0, v[k] - y0), spans[k], angle) / SAMPLES
    return slice(y0, y1), slice(x0, x1), alpha


def _stamp(
    shape: tuple[int, ...], centre: tuple[float, float], span: NDArray[np.float64], angle: float
) -> Picture:
    """Coverage of an ellipse, 0..1; things under a pixel cover in part."""
    stamp = np.zeros(shape, np.uint8)
    one = 1 << FRACTION_BITS
    drawn = np.maximum(span, 1.0)
    middle = (round(centre[0] * one), round(centre[1] * one))
    axes = (max(1, round(drawn[0] / 2 * one)), max(1, round(drawn[1] / 2 * one)))
    cv2.ellipse(stamp, middle, axes, angle, 0, 360, 255, -1, cv2.LINE_AA, FRACTION_BITS)
    share = float(span[0] * span[1] / (drawn[0] * drawn[1]))
    return stamp.astype(np.float32) * (share / 255)

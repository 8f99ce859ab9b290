"""Rendered pictures in memory, and what cameras do to them: turned, dimmed, blurred, compressed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

SIDE = 352
LEAST_LEFT = 0.3  # share of a box that must still be in the picture after a shift


@dataclass(frozen=True)
class Sample:
    """One picture `(h, w, 3)` uint8 BGR with the e-bike's box as fractions x0 y0 x1 y1, or None."""

    name: str
    picture: np.ndarray
    box: np.ndarray | None
    mount: str
    kinds: tuple[str, ...]


def read(folder: Path, split: str, *, scenes: int = 1000) -> list[Sample]:
    """A split's rendered pictures by name; `scenes` leaves out those of higher number."""
    rows = [
        json.loads(line)
        for index in sorted(folder.glob("index-*.jsonl"))
        for line in index.read_text().splitlines()
    ]
    samples = []
    for row in sorted(rows, key=lambda r: str(r["file"])):
        hardly_seen = row["box"] is None and row["seen"] > 0
        number = int(row["seed"].split("/")[1])
        if (
            row["split"] != split or hardly_seen or number >= scenes
        ):  # a glimpse is neither a bike nor none
            continue
        picture = cv2.imread(str(folder / row["file"]))
        box = None if row["box"] is None else np.array(row["box"], np.float32)
        samples.append(Sample(row["file"], picture, box, row["mount"], tuple(row["kinds"])))
    return samples


def plain(picture: np.ndarray) -> np.ndarray:
    """What the shipped model's preprocessing does: stretched to a square, BGR 0..1, (3, s, s)."""
    small = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(small.transpose(2, 0, 1), np.float32) / 255


def disturbed(sample: Sample, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray | None]:
    """A changed copy, (3, s, s) 0..1, with its box (or None where none is left)."""
    picture, box = _moved(sample.picture, sample.box, rng)
    return np.ascontiguousarray(_seen(picture, rng).transpose(2, 0, 1), np.float32) / 255, box


def _moved(
    picture: np.ndarray, box: np.ndarray | None, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray | None]:
    for _ in range(8):
        matrix = _affine(picture.shape[1], picture.shape[0], rng)
        kept = box if box is None else _carried(box, matrix, picture.shape)
        if box is None or kept is not None:
            break
    else:
        matrix = _stretch(picture.shape[1], picture.shape[0])
        kept = box
    border = cv2.BORDER_REPLICATE if rng.random() < 0.5 else cv2.BORDER_CONSTANT
    fill = tuple(float(v) for v in rng.integers(0, 160, 3))
    return cv2.warpAffine(picture, matrix, (SIDE, SIDE), borderMode=border, borderValue=fill), kept


def _stretch(width: int, height: int) -> np.ndarray:
    return np.array([[SIDE / width, 0, 0], [0, SIDE / height, 0]], np.float64)


def _affine(width: int, height: int, rng: np.random.Generator) -> np.ndarray:
    """Flip, turn, scale (with aspect), shift: picture pixels to the square's pixels."""
    angle = np.radians(rng.normal(0, 7))
    scale = np.exp(rng.uniform(np.log(0.6), np.log(1.55)))
    aspect = np.exp(rng.uniform(-0.35, 0.35))
    flip = -1.0 if rng.random() < 0.5 else 1.0
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    grow = np.diag(
        [SIDE / width * scale * np.sqrt(aspect) * flip, SIDE / height * scale / np.sqrt(aspect)]
    )
    linear = turn @ grow
    spread = 0.1 + 0.25 * abs(scale - 1)
    middle = SIDE * (0.5 + rng.uniform(-spread, spread, 2))
    offset = middle - linear @ np.array([width / 2, height / 2])
    return np.column_stack([linear, offset])


def _carried(box: np.ndarray, matrix: np.ndarray, shape: tuple[int, ...]) -> np.ndarray | None:
    """The box around a turned box's inscribed ellipse (bikes fill no corners), cut to the frame."""
    height, width = shape[:2]
    centre = np.array([(box[0] + box[2]) / 2 * width, (box[1] + box[3]) / 2 * height])
    half = np.array([(box[2] - box[0]) / 2 * width, (box[3] - box[1]) / 2 * height])
    linear = matrix[:, :2]
    middle = linear @ centre + matrix[:, 2]
    reach = np.sqrt((linear**2) @ (half**2))
    whole = np.concatenate([middle - reach, middle + reach]) / SIDE
    cut = np.clip(whole, 0, 1)
    left = np.prod(cut[2:] - cut[:2]) / max(1e-9, float(np.prod(whole[2:] - whole[:2])))
    big = np.prod(cut[2:] - cut[:2]) > 0.01
    return cut.astype(np.float32) if left > LEAST_LEFT and big else None


def _seen(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Colour, light, grey night mode, soft lens, noise, covered spots, burned-in text, JPEG."""
    image = cv2.LUT(picture, _tone_curves(rng))
    colour = 0.0 if rng.random() < 0.15 else rng.uniform(0.3, 1.3)  # none: night cameras
    grey = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    image = cv2.addWeighted(image, colour, grey, 1 - colour, 0)
    if rng.random() < 0.4:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.8))
    if rng.random() < 0.5:
        image = _noisy(image, rng)
    if rng.random() < 0.3:
        _cover(image, rng)
    if rng.random() < 0.35:
        _caption(image, rng)
    if rng.random() < 0.5:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(18, 80))]
        image = cv2.imdecode(cv2.imencode(".jpg", image, quality)[1], cv2.IMREAD_COLOR)
    return image


def _tone_curves(rng: np.random.Generator) -> np.ndarray:
    """A look-up table (1, 256, 3): gamma, gain, offset, and a tint per channel."""
    level = np.linspace(0, 1, 256) ** np.exp(rng.uniform(-0.5, 0.5))
    level = level * rng.uniform(0.7, 1.25) + rng.uniform(-0.08, 0.08)
    curves = np.clip(np.outer(level, rng.uniform(0.9, 1.1, 3)), 0, 1)
    return (curves * 255).astype(np.uint8)[None]


def _noisy(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Sensor noise; OpenCV's own generator is several times as fast as numpy's."""
    cv2.setRNGSeed(int(rng.integers(2**31)))
    noise = cv2.randn(np.empty(image.shape, np.int16), 0, 255 * float(rng.uniform(0.005, 0.06)))
    return cv2.add(image, noise, dtype=cv2.CV_8U)


def _cover(image: np.ndarray, rng: np.random.Generator) -> None:
    for _ in range(rng.integers(1, 4)):
        w, h = rng.integers(15, 80, 2)
        x, y = rng.integers(0, SIDE - 15, 2)
        spot = image[y : y + h, x : x + w]
        spot[:] = rng.integers(0, 255, 3) if rng.random() < 0.5 else spot.mean(axis=(0, 1))


def _caption(image: np.ndarray, rng: np.random.Generator) -> None:
    for _ in range(rng.integers(1, 3)):
        text = "".join(rng.choice(list("0123456789-: ")) for _ in range(rng.integers(6, 20)))
        at = (int(rng.integers(0, 200)), int(rng.choice([14, 24, 335, 345])))
        cv2.putText(
            image,
            text,
            at,
            cv2.FONT_HERSHEY_SIMPLEX,
            float(rng.uniform(0.3, 0.7)),
            (250, 250, 250),
            1,
        )

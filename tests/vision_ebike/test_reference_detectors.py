"""Decoders against published detectors on real photographs, where both are at hand."""

import hashlib
import statistics
from pathlib import Path

import cv2
import numpy as np
import pytest

from gatehouse.eval_ebike import read_truth
from hub.vision.boxes import iou
from hub.vision.detector import Detector
from hub.vision.model import load_model
from hub.vision.result import Detections

COCO_PERSON, COCO_MOTORCYCLE = 0, 3

KNOWN = {
    "yolox": ("yolox_nano_416.onnx", 416, "letterbox", "[0.0,0.0,0.0]", "[1.0,1.0,1.0]"),
    "fastestdet": ("fastestdet_352.onnx", 352, "stretch", "[0.0,0.0,0.0]", "[255.0,255.0,255.0]"),
    "picodet": (
        "picodet_s_416_clean.onnx",
        416,
        "stretch",
        "[103.53,116.28,123.675]",
        "[57.375,57.12,58.395]",
    ),
}


@pytest.fixture(params=sorted(KNOWN))
def reference(request, tmp_path, reference_models) -> Detector:
    file, side, fit, mean, std = KNOWN[request.param]
    content = (reference_models / file).read_bytes()
    (tmp_path / file).write_bytes(content)
    (tmp_path / "README.md").write_text("# A published detector, for this test\n")
    labels = ",".join(f'"c{number}"' for number in range(80))
    (tmp_path / "model.toml").write_text(
        f"""name = "reference"
version = "1"
file = "{file}"
sha256 = "{hashlib.sha256(content).hexdigest()}"
decoder = "{request.param}"
labels = [{labels}]
card = "README.md"
[input]
width = {side}
height = {side}
fit = "{fit}"
mean = {mean}
std = {std}
[thresholds]
suspicion = 0.35
alarm = 0.5
"""
    )
    with Detector(load_model(tmp_path)) as detector:
        yield detector


def test_people_and_two_wheelers_are_where_the_truth_says(reference, real_data):
    """On photographs these detectors are at home; a wrong decoder would put no box in place."""
    placed = 0
    photos = sorted((real_data / "ebike" / "photos").glob("*.jpg"))
    assert photos
    for photo in photos:
        answer = reference.detect(photo.read_bytes())
        assert isinstance(answer, Detections)
        for seen in answer.found:
            assert 0 < seen.score <= 1
            assert 0 <= seen.box[0] < seen.box[2] <= answer.width
            assert 0 <= seen.box[1] < seen.box[3] <= answer.height
        placed += any(
            iou(seen.box, want) > 0.6
            for seen in answer.found
            if seen.label in {f"c{COCO_PERSON}", f"c{COCO_MOTORCYCLE}"}
            for want in truth(photo, answer)
        )
    assert placed >= len(photos) // 2


def test_a_mirrored_photograph_has_the_boxes_mirrored(reference, real_data):
    """A corner taken for a middle moves both to the same side: 8 px and more."""
    side, off = reference.model.spec.input.width, []
    for photo in sorted((real_data / "ebike" / "photos").glob("*.jpg")):
        picture = cv2.resize(cv2.imread(str(photo)), (side, side))
        seen, mirrored = (found(reference, one) for one in (picture, picture[:, ::-1]))
        for box in seen:
            for x0, y0, x1, y1 in mirrored:
                back = (side - x1, y0, side - x0, y1)
                if iou(box, back) > 0.5 and min(box[0], back[0]) > 2 < side - max(box[2], back[2]):
                    off.append((box[0] + box[2] - back[0] - back[2]) / 2)
    assert len(off) >= 10
    assert abs(statistics.median(off)) < 3


def found(detector: Detector, picture: np.ndarray) -> list[tuple[float, ...]]:
    height, width = picture.shape[:2]
    answer = detector.detect_frame(picture.tobytes(), width, height)
    return [one.box for one in answer.found]


def truth(photo: Path, answer: Detections) -> list[tuple[float, ...]]:
    sides = (answer.width, answer.height) * 2
    rows = [line.split() for line in photo.with_suffix(".txt").read_text().splitlines()]
    shares = [tuple(map(float, row[1:])) for row in rows if row and row[0] in {"ebike", "person"}]
    assert read_truth(photo) is not None
    return [tuple(v * s for v, s in zip(box, sides, strict=True)) for box in shares]

"""Decoders against published detectors on real photographs, where both are at hand."""

import hashlib
from pathlib import Path

import pytest

from gatehouse.eval_ebike import read_truth
from hub.vision import Detections, Detector, load_model
from hub.vision.boxes import iou

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


def truth(photo: Path, answer: Detections) -> list[tuple[float, ...]]:
    sides = (answer.width, answer.height) * 2
    rows = [line.split() for line in photo.with_suffix(".txt").read_text().splitlines()]
    shares = [tuple(map(float, row[1:])) for row in rows if row and row[0] in {"ebike", "person"}]
    assert read_truth(photo) is not None
    return [tuple(v * s for v, s in zip(box, sides, strict=True)) for box in shares]

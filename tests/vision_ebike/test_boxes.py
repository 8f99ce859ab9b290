import numpy as np
import pytest

from hub.vision.boxes import MOST_FOUND, Placing, in_picture, iou, select
from hub.vision.decoding import Candidates
from hub.vision.frames import decode, prepare, whole
from hub.vision.model import InputSpec
from tests.vision_ebike.conftest import jpeg, paint


def candidates(rows: list[tuple[list[float], list[float]]]) -> Candidates:
    boxes, scores = zip(*rows, strict=True)
    return Candidates(np.array(boxes, np.float32), np.array(scores, np.float32))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([0, 0, 2, 2], [0, 0, 2, 2], 1.0),
        ([0, 0, 2, 2], [1, 0, 3, 2], 1 / 3),
        ([0, 0, 2, 2], [2, 0, 4, 2], 0.0),
        ([0, 0, 2, 2], [5, 5, 6, 6], 0.0),
        ([1, 1, 1, 1], [1, 1, 1, 1], 0.0),
    ],
)
def test_iou(one, other, expected):
    assert iou(np.array(one), np.array(other)) == pytest.approx(expected)


def test_of_overlapping_boxes_the_best_stays():
    found = select(
        candidates(
            [([0, 0, 10, 10], [0.6, 0]), ([1, 0, 11, 10], [0.9, 0]), ([30, 0, 40, 10], [0.5, 0])]
        ),
        at_least=0.3,
        overlap=0.5,
    )
    assert [(label, round(score, 2)) for label, score, _ in found] == [(0, 0.9), (0, 0.5)]


def test_classes_do_not_suppress_each_other():
    found = select(candidates([([0, 0, 9, 9], [0.6, 0.7])]), at_least=0.3, overlap=0.5)
    assert [label for label, _, _ in found] == [1, 0]


def test_below_the_threshold_nothing_and_at_it_something():
    rows = candidates([([0, 0, 9, 9], [0.5, 0.25])])
    assert len(select(rows, at_least=0.5, overlap=0.5)) == 1
    assert not select(rows, at_least=0.51, overlap=0.5)


def test_what_is_no_number_is_left_out():
    rows = candidates([([np.nan, 0, 9, 9], [0.9, 0]), ([0, 0, 9, 9], [np.inf, 0])])
    assert not select(rows, at_least=0.3, overlap=0.5)


def test_a_flood_of_boxes_is_capped():
    rows = candidates([([20 * i, 0, 20 * i + 9, 9], [0.9, 0]) for i in range(200)])
    assert len(select(rows, at_least=0.3, overlap=0.5)) == MOST_FOUND


def test_boxes_come_back_to_the_picture_and_end_at_its_edge():
    placing = Placing((0.5, 0.25), (10, 0))
    box = np.array([0, 10, 30, 500], np.float32)
    assert in_picture(box, placing, 100, 200) == (0, 40, 40, 200)


def spec(fit: str, **more) -> InputSpec:
    return InputSpec(width=64, height=64, fit=fit, **more)


@pytest.mark.parametrize(
    ("fit", "scale", "shift"),
    [
        ("stretch", (0.5, 1.0), (0, 0)),
        ("letterbox", (0.5, 0.5), (0, 0)),
        ("letterbox-centre", (0.5, 0.5), (0, 16)),
    ],
)
def test_a_picture_is_placed(fit, scale, shift):
    tensor, placing = prepare(whole(np.zeros((64, 128, 3), np.uint8)), spec(fit))
    assert tensor.shape == (1, 3, 64, 64)
    assert placing.scale == pytest.approx(scale)
    assert placing.shift == pytest.approx(shift)


def test_the_free_part_of_a_letterbox_is_the_pad():
    tensor, _ = prepare(whole(np.zeros((64, 128, 3), np.uint8)), spec("letterbox", pad=114))
    assert (tensor[0, :, :32] == 0).all()
    assert (tensor[0, :, 32:] == 114).all()


def test_channels_are_turned_then_normalised():
    picture = np.zeros((64, 64, 3), np.uint8)
    picture[:] = (10, 20, 30)  # blue, green, red
    tensor, _ = prepare(
        whole(picture), spec("stretch", colour="rgb", mean=(30, 10, 0), std=(1, 2, 5))
    )
    assert tensor[0, :, 0, 0].tolist() == pytest.approx([0, 5, 2])


@pytest.mark.parametrize(
    ("width", "height", "decoded"),
    [
        (100, 40, (40, 100)),
        (127, 90, (90, 127)),
        (128, 90, (45, 64)),
        (131, 90, (45, 66)),
        (300, 600, (75, 38)),
        (1200, 700, (88, 150)),
    ],
)
@pytest.mark.parametrize("fit", ["stretch", "letterbox-centre"])
def test_large_jpegs_are_decoded_smaller_and_placed_as_if_whole(fit, width, height, decoded):
    shot = decode(jpeg(paint(width, height, 99)), spec(fit))
    assert shot.image.shape[:2] == decoded
    assert (shot.size.width, shot.size.height) == (width, height)
    _, placing = prepare(shot, spec(fit))
    _, expected = prepare(whole(paint(width, height, 99)), spec(fit))
    assert placing == expected


def test_a_picture_that_says_it_lies_on_its_side_is_set_upright():
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    segment = b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif
    data = jpeg(paint(300, 200, 99))
    shot = decode(data[:2] + segment + data[2:], spec("stretch"))
    assert shot.image.shape[:2] == (75, 50)
    assert (shot.size.width, shot.size.height) == (200, 300)

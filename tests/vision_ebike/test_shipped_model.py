"""The model that ships: in order, with its card, and on real pictures no worse than its card says.

The floors below are what the card states, less a margin for other versions of the libraries. They
are no targets: real pictures are for measuring, never for tuning.
"""

from pathlib import Path

import numpy as np
import pytest

from gatehouse.detect_ebike import DEFAULT_MODEL, ebike_model
from gatehouse.eval_ebike import evaluate
from gatehouse.footage import video
from gatehouse.resources import shipped
from hub.vision.detector import Detector
from hub.vision.model import EBIKE, load_model
from hub.vision.result import Detections
from tests.vision_ebike.conftest import jpeg

OWN_LABELS = {EBIKE, "bicycle", "stroller", "wheelchair", "person"}
"""What is drawn for training. A general detector has a motorcycle, and 78 things more."""

FOLDERS = sorted(path.parent for path in shipped("models").glob("*/model.toml"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_shipped_model_loads_and_answers(folder):
    model = load_model(folder)
    assert model.spec.name == folder.name
    plain = jpeg(np.full((256, 456, 3), 128, np.uint8))
    with Detector(model) as detector:
        answer = detector.detect(plain)
    assert isinstance(answer, Detections)
    assert answer.best(EBIKE) < model.spec.thresholds.alarm


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_no_general_detector_is_shipped_as_one_of_ebikes(folder):
    model = load_model(folder)
    assert set(model.spec.labels) <= OWN_LABELS
    assert "COCO" not in model.spec.name.upper()


def test_the_default_model_is_shipped():
    assert ebike_model(DEFAULT_MODEL).spec.labels == (EBIKE,)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_card_says_what_it_was_trained_on_and_names_its_thresholds(folder):
    model = load_model(folder)
    card = (folder / model.spec.card).read_text()
    for part in ("rendered", "licence", "seed", "interval", str(model.spec.thresholds.alarm)):
        assert part in card


@pytest.fixture(scope="module")
def measured(real_data: Path) -> dict:
    report, faults = evaluate([real_data / "ebike"])
    assert faults == []
    return {Path(name).name: folder for name, folder in report["folders"].items()}


@pytest.mark.parametrize(
    ("folder", "threshold", "least"),
    [
        ("cctv", "suspicion", 14),
        ("cctv", "alarm", 6),
        ("photos", "suspicion", 12),
        ("photos", "alarm", 10),
    ],
)
def test_real_ebikes_are_found_in_place(measured, folder, threshold, least):
    assert measured[folder][threshold]["recall_in_place"]["part"] >= least


def test_the_ceiling_sequence_raises_a_suspicion_within_its_event(measured):
    """Twelve frames of one event: at least half of them, so that k of n can hold."""
    assert measured["ceiling_sequence"]["suspicion"]["unlabelled_alarms"]["part"] >= 6


def test_a_street_is_no_cabin_full_of_ebikes(real_data):
    """Every fortieth frame of pedestrians: none passes the alarm."""
    model = ebike_model(DEFAULT_MODEL)
    with Detector(model) as detector:
        for frame in video(real_data / "negatives" / "vtest.avi"):
            if frame.number % 40 == 0:
                answer = detector.detect_frame(frame.pixels, frame.width, frame.height)
                assert isinstance(answer, Detections)
                assert answer.best(EBIKE) < model.spec.thresholds.alarm

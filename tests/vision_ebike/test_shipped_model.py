"""The model that ships: in order, quick to refuse nothing, and no worse on real pictures than said.

The floors below are what the card states, less a margin for other versions of the libraries. They
are no targets: real pictures are for measuring, never for tuning.
"""

from pathlib import Path

import numpy as np
import pytest

from gatehouse.detect_ebike import DEFAULT_MODEL, ebike_model
from gatehouse.eval_ebike import evaluate
from gatehouse.resources import shipped
from hub.vision import EBIKE, Detections, Detector, load_model
from tests.vision_ebike.conftest import jpeg

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

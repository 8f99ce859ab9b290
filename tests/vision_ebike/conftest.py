"""What the tests of e-bike vision share: a tiny working model, pictures, the real ones if any."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from hub.vision.detector import Detector
from hub.vision.model import load_model
from tests.vision_ebike import tiny_onnx


def paint(width: int, height: int, level: int) -> np.ndarray:
    return np.full((height, width, 3), level, np.uint8)


def jpeg(image: np.ndarray) -> bytes:
    return cv2.imencode(".jpg", image)[1].tobytes()


@pytest.fixture(scope="session")
def bright() -> bytes:
    """An e-bike to the tiny model: 320x160, nearly white."""
    return jpeg(paint(320, 160, 240))


@pytest.fixture(scope="session")
def dark() -> bytes:
    return jpeg(paint(320, 160, 20))


@pytest.fixture
def tiny(tmp_path):
    return load_model(tiny_onnx.folder(tmp_path))


@pytest.fixture(scope="session")
def detector(tmp_path_factory):
    with Detector(load_model(tiny_onnx.folder(tmp_path_factory.mktemp("models")))) as running:
        yield running


@pytest.fixture(scope="session")
def real_data() -> Path:
    named = os.environ.get("GATEHOUSE_REAL_DATA")
    if not named or not (Path(named) / "ebike").is_dir():
        pytest.skip("GATEHOUSE_REAL_DATA names no folder with real pictures")
    return Path(named)


@pytest.fixture(scope="session")
def reference_models(real_data) -> Path:
    folder = real_data.parent / "models"
    if not folder.is_dir():
        pytest.skip("no reference detectors beside GATEHOUSE_REAL_DATA")
    return folder

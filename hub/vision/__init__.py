"""Sees e-bikes in pictures: models from files, decoded and run in a child process with limits.

Nothing here decides what an e-bike in a picture means; that is `hub.rules`.
"""

from hub.vision.detector import Detector, Limits
from hub.vision.model import (
    EBIKE,
    Model,
    Thresholds,
    find_ebike_model,
    find_model,
    load_model,
)
from hub.vision.result import Answer, Detection, Detections, Refused

__all__ = [
    "EBIKE",
    "Answer",
    "Detection",
    "Detections",
    "Detector",
    "Limits",
    "Model",
    "Refused",
    "Thresholds",
    "find_ebike_model",
    "find_model",
    "load_model",
]

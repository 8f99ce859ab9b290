"""A picture becomes the network's input. Runs in the child process only."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hub.vision.boxes import Placing
from hub.vision.decoding import Array
from hub.vision.model import InputSpec

Image = NDArray[np.uint8]
"""(H, W, 3) uint8, BGR."""


class UndecodableError(Exception):
    """The bytes have a picture's header, but no picture."""


def decode(data: bytes) -> Image:
    """JPEG or PNG bytes as an image; 8 bits, three channels, whatever was in the file.

    Raises UndecodableError.
    """
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise UndecodableError
    return np.asarray(image, np.uint8)


def prepare(image: Image, spec: InputSpec) -> tuple[Array, Placing]:
    """The tensor f32 (1, 3, height, width), and where the picture lies in it."""
    height, width = image.shape[:2]
    if spec.fit == "stretch":
        sized = cv2.resize(image, (spec.width, spec.height), interpolation=cv2.INTER_LINEAR)
        placing = Placing((spec.width / width, spec.height / height), (0.0, 0.0))
    else:
        sized, placing = _letterbox(image, spec)
    if spec.colour == "rgb":
        sized = sized[:, :, ::-1]
    tensor = sized.astype(np.float32)
    if any(spec.mean):
        tensor -= np.asarray(spec.mean, np.float32)
    if spec.std != (1.0, 1.0, 1.0):
        tensor *= np.float32(1) / np.asarray(spec.std, np.float32)
    return np.ascontiguousarray(tensor.transpose(2, 0, 1))[None], placing


def _letterbox(image: Image, spec: InputSpec) -> tuple[Image, Placing]:
    height, width = image.shape[:2]
    scale = min(spec.width / width, spec.height / height)
    inside = (max(1, round(width * scale)), max(1, round(height * scale)))
    left = top = 0
    if spec.fit == "letterbox-centre":
        left, top = (spec.width - inside[0]) // 2, (spec.height - inside[1]) // 2
    sheet = np.full((spec.height, spec.width, 3), spec.pad, np.uint8)
    sheet[top : top + inside[1], left : left + inside[0]] = cv2.resize(
        image, inside, interpolation=cv2.INTER_LINEAR
    )
    return sheet, Placing((scale, scale), (float(left), float(top)))

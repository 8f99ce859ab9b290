"""A picture becomes the network's input. Runs in the child process only."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from hub.vision.boxes import Placing
from hub.vision.decoding import Array
from hub.vision.model import InputSpec
from hub.vision.picture import Size, inspect

Image = NDArray[np.uint8]
"""(H, W, 3) uint8, BGR."""

_REDUCED: Final = (
    (8, cv2.IMREAD_REDUCED_COLOR_8),
    (4, cv2.IMREAD_REDUCED_COLOR_4),
    (2, cv2.IMREAD_REDUCED_COLOR_2),
)


@dataclass(frozen=True, slots=True)
class Shot:
    """A decoded picture, perhaps at a fraction of its size; `size` is the whole picture's, px."""

    image: Image
    size: Size


class UndecodableError(Exception):
    """The bytes have a picture's header, but no picture."""


def decode(data: bytes, spec: InputSpec) -> Shot:
    """JPEG or PNG bytes as an image; 8 bits, three channels, whatever was in the file.

    A picture at least twice as large as the input along its longer side is decoded at a half, a
    quarter or an eighth: a JPEG then costs a fraction. Raises UndecodableError.
    """
    declared = inspect(data)
    if not isinstance(declared, Size):
        raise UndecodableError
    room = max(declared.width, declared.height) / max(spec.width, spec.height)
    factor, flag = next((pair for pair in _REDUCED if pair[0] <= room), (1, cv2.IMREAD_COLOR))
    image = cv2.imdecode(np.frombuffer(data, np.uint8), flag)
    if image is None:
        raise UndecodableError
    # OpenCV turns a picture as its EXIF orientation says; its sides may have changed places
    turned = abs(image.shape[1] * factor - declared.width) >= factor
    size = Size(declared.height, declared.width) if turned else declared
    return Shot(np.asarray(image, np.uint8), size)


def whole(image: Image) -> Shot:
    """A frame that came decoded."""
    return Shot(image, Size(image.shape[1], image.shape[0]))


def prepare(shot: Shot, spec: InputSpec) -> tuple[Array, Placing]:
    """The tensor f32 (1, 3, height, width), and where the whole picture lies in it."""
    if spec.fit == "stretch":
        sized = cv2.resize(shot.image, (spec.width, spec.height), interpolation=cv2.INTER_LINEAR)
        scale = (spec.width / shot.size.width, spec.height / shot.size.height)
        placing = Placing(scale, (0.0, 0.0))
    else:
        sized, placing = _letterbox(shot, spec)
    if spec.colour == "rgb":
        sized = sized[:, :, ::-1]
    tensor = sized.astype(np.float32)
    if any(spec.mean):
        tensor -= np.asarray(spec.mean, np.float32)
    if spec.std != (1.0, 1.0, 1.0):
        tensor *= np.float32(1) / np.asarray(spec.std, np.float32)
    return np.ascontiguousarray(tensor.transpose(2, 0, 1))[None], placing


def _letterbox(shot: Shot, spec: InputSpec) -> tuple[Image, Placing]:
    width, height = shot.size.width, shot.size.height
    scale = min(spec.width / width, spec.height / height)
    inside = (max(1, round(width * scale)), max(1, round(height * scale)))
    left = top = 0
    if spec.fit == "letterbox-centre":
        left, top = (spec.width - inside[0]) // 2, (spec.height - inside[1]) // 2
    sheet = np.full((spec.height, spec.width, 3), spec.pad, np.uint8)
    sheet[top : top + inside[1], left : left + inside[0]] = cv2.resize(
        shot.image, inside, interpolation=cv2.INTER_LINEAR
    )
    return sheet, Placing((scale, scale), (float(left), float(top)))

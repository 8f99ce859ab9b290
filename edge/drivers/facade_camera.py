"""Facade cameras over RTSP, MPEG-TS, Motion JPEG, or from a file.

They look at people's windows: without a `mask` over them no clip and no still leaves the camera
(Civil Code of the PRC, art. 1032). An empty mask says that there is no window in the picture.
"""

from typing import Literal

from edge.drivers.base import DriverType
from edge.drivers.cameras import CameraSettings, opener
from wire.kinds import load as load_kinds

KIND = load_kinds()["facade-camera"]


class FacadeCameraSettings(CameraSettings):
    """Cameras that look up at a building."""

    type: Literal["facade-camera"] = "facade-camera"


DRIVER = DriverType(
    id="facade-camera",
    kind=KIND.id,
    settings=FacadeCameraSettings,
    open=opener(KIND.id, lambda camera: camera.mask is not None),
)

"""Elevator cameras over RTSP, MPEG-TS, Motion JPEG, or from a file."""

from typing import Literal

from edge.drivers.base import DriverType
from edge.drivers.camera_settings import CameraSettings
from edge.drivers.cameras import opener
from wire.kinds import load as load_kinds

KIND = load_kinds()["elevator-camera"]


class ElevatorCameraSettings(CameraSettings):
    """Cameras in elevator cars."""

    type: Literal["elevator-camera"] = "elevator-camera"


DRIVER = DriverType(
    id="elevator-camera",
    kind=KIND.id,
    settings=ElevatorCameraSettings,
    open=opener(KIND.id, lambda _: True),
)

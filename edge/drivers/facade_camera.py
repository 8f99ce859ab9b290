"""Facade cameras over RTSP, MPEG-TS, Motion JPEG, or from a file.

They look at people's windows: one without a `mask` over them records nothing, and has to say so
(Civil Code of the PRC, art. 1032). An empty mask says that there is no window in the picture.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from edge.drivers.base import DriverType
from edge.drivers.camera_settings import CameraDevice, CameraSettings
from edge.drivers.cameras import opener
from wire.kinds import load as load_kinds

KIND = load_kinds()["facade-camera"]


class FacadeCameraDevice(CameraDevice):
    """One camera. record: whether clips, stills and live pictures may leave it at all."""

    record: bool = True

    @model_validator(mode="after")
    def _masked(self) -> Self:
        if self.record and self.mask is None:
            raise ValueError(
                "a facade camera needs a mask over the windows before it may record: draw one,"
                " say mask = [] when no window is in the picture, or record = false"
            )
        return self


class FacadeCameraSettings(CameraSettings):
    """Cameras that look up at a building."""

    type: Literal["facade-camera"] = "facade-camera"
    device: Annotated[tuple[FacadeCameraDevice, ...], Field(min_length=1, max_length=64)]


def _records(camera: CameraDevice) -> bool:
    return isinstance(camera, FacadeCameraDevice) and camera.record


DRIVER = DriverType(
    id="facade-camera",
    kind=KIND.id,
    settings=FacadeCameraSettings,
    open=opener(KIND.id, _records, falls=True),
)

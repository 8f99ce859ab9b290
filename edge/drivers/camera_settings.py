"""What a camera's table in edge.toml may say."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator

from edge.camera.source import SCHEMES, Polygon, Source, scheme_of
from edge.drivers.base import DeviceSettings, DriverSettings
from wire import Clock


class CameraDevice(DeviceSettings):
    """One camera.

    url: `rtsp://`, `http://`, `udp://` …, or a file; a login in it is kept from logs and hub.
    format: for a stream that does not tell what it is. loop: a file begins anew at its end;
        without it, it is played once.
    mask: polygons, `[[x, y], …]` as fractions of the picture, that are blacked out in whatever
        leaves the camera. frozen_s: a picture without any change for this long is frozen; 0 never.
    """

    url: SecretStr
    format: Literal["mpegts", "mpjpeg", "mjpeg", "rtsp"] | None = None
    loop: bool = False
    mask: tuple[Polygon, ...] | None = None
    frame_width: Annotated[int, Field(ge=160, le=1920)] = 640
    frozen_s: Annotated[float, Field(ge=0, le=3600)] = 15.0

    @field_validator("url")
    @classmethod
    def _known(cls, url: SecretStr) -> SecretStr:
        if scheme_of(url.get_secret_value()) not in SCHEMES:
            raise ValueError(f"must be a path, or begin with {', '.join(sorted(SCHEMES))}")
        return url

    @field_validator("mask")
    @classmethod
    def _polygons(cls, mask: tuple[Polygon, ...] | None) -> tuple[Polygon, ...] | None:
        if mask is not None and any(len(polygon) < 3 for polygon in mask):  # noqa: PLR2004
            raise ValueError("a polygon has three corners at least")
        return mask

    def below(self, folder: Path) -> "CameraDevice":
        """The same camera, a file's path taken from `folder`."""
        url = self.url.get_secret_value()
        if "://" in url:
            return self
        return self.model_copy(update={"url": SecretStr(str(folder / url))})

    def source(self, clock: Clock, *, falls: bool) -> Source:
        """What its child is told. falls: it looks for what falls."""
        return Source(
            url=self.url.get_secret_value(),
            format=self.format,
            loop=self.loop,
            masks=self.mask or (),
            origin=clock.origin,
            zero=clock.zero,
            rate=clock.rate,
            frame_width=self.frame_width,
            frozen_s=self.frozen_s,
            falls=falls,
        )


class CameraSettings(DriverSettings):
    """Cameras of one kind; drivers add the literal `type`."""

    device: Annotated[tuple[CameraDevice, ...], Field(min_length=1, max_length=64)]

    def with_paths_below(self, folder: Path) -> "CameraSettings":
        """Files are named relative to the configuration file."""
        return self.model_copy(update={"device": tuple(one.below(folder) for one in self.device)})

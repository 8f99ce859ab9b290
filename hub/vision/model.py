"""A model's folder: `model.toml` says what the network is, and pins its file by SHA-256."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, field_validator, model_validator

from hub.config.table import Table, read_model
from hub.errors import ConfigError
from hub.vision.onnx_file import OnnxError, check_self_contained
from hub.vision.registry import load as load_decoders

EBIKE: Final = "ebike"
"""The label on which e-bike alarms rest. A general detector's "motorcycle" is not one."""

MODEL_FILE: Final = "model.toml"
_MAX_MODEL_BYTES: Final = 256 * 1024 * 1024

Share = Annotated[float, Field(gt=0, lt=1)]
Channels = tuple[float, float, float]


class InputSpec(Table):
    """What the network wants to see. The tensor is f32 (1, 3, height, width).

    fit: `stretch` to the size; or `letterbox`: keep the aspect, top left, filled with `pad`;
        `letterbox-centre` the same, in the middle.
    mean, std: per channel in the order of `colour`: value = (pixel - mean) / std, pixels 0..255.
    """

    width: Annotated[int, Field(ge=32, le=2048, multiple_of=32)]
    height: Annotated[int, Field(ge=32, le=2048, multiple_of=32)]
    fit: Literal["stretch", "letterbox", "letterbox-centre"]
    colour: Literal["bgr", "rgb"] = "bgr"
    pad: Annotated[int, Field(ge=0, le=255)] = 114
    mean: Channels = (0.0, 0.0, 0.0)
    std: Channels = (1.0, 1.0, 1.0)

    @field_validator("std")
    @classmethod
    def _divides(cls, std: Channels) -> Channels:
        if any(value <= 0 for value in std):
            raise ValueError("must be above 0")
        return std


class Thresholds(Table):
    """Scores 0..1, chosen on validation data named in the card: suspicion opens, alarm confirms."""

    suspicion: Share
    alarm: Share
    overlap: Share = 0.5

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.suspicion > self.alarm:
            raise ValueError("suspicion must not be above alarm")
        return self


class ModelSpec(Table):
    """`model.toml`. file and card lie in the same folder; labels in the network's order."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}$")]
    version: Annotated[str, Field(min_length=1, max_length=32)]
    file: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+\.onnx$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    decoder: str
    labels: Annotated[tuple[str, ...], Field(min_length=1)]
    card: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+\.md$")]
    input: InputSpec
    thresholds: Thresholds

    @field_validator("decoder")
    @classmethod
    def _known(cls, decoder: str) -> str:
        known = sorted(load_decoders())
        if decoder not in known:
            raise ValueError(f"no decoder {decoder!r}; known: {', '.join(known)}")
        return decoder


@dataclass(frozen=True, slots=True)
class Model:
    """A model whose file was read once and matched its hash; `network` is that very content."""

    path: Path
    spec: ModelSpec
    network: bytes

    def fault(self, problem: str) -> ConfigError:
        """The error that says what is wrong with this model's file."""
        return ConfigError(self.path / MODEL_FILE, "file", f"{self.spec.file} {problem}")


def load_model(folder: Path) -> Model:
    """Read a model's folder. Raises ConfigError: wrong hash, external data, no card, and so on.

    Whether the network's shapes suit the decoder is seen when a `Detector` starts.
    """
    toml = folder / MODEL_FILE
    spec = read_model(toml, ModelSpec)
    if not (folder / spec.card).is_file():
        raise ConfigError(toml, "card", f"{spec.card} is missing: no model without its card")
    try:
        with (folder / spec.file).open("rb") as file:
            network = file.read(_MAX_MODEL_BYTES + 1)
    except OSError as error:
        raise ConfigError(toml, "file", f"{spec.file} cannot be read: {error.strerror}") from None
    if len(network) > _MAX_MODEL_BYTES:
        raise ConfigError(toml, "file", f"{spec.file} is larger than {_MAX_MODEL_BYTES} bytes")
    found = hashlib.sha256(network).hexdigest()
    if found != spec.sha256:
        raise ConfigError(toml, "sha256", f"{spec.file} has {found}; it is not the pinned file")
    model = Model(folder, spec, network)
    try:
        check_self_contained(network)
    except OnnxError as error:
        raise model.fault(str(error)) from None
    return model


def find_model(name: str, folder: Path) -> Model:
    """The model `name` of a folder of models. Raises ConfigError naming those there are."""
    if (folder / name / MODEL_FILE).is_file():
        return load_model(folder / name)
    known = sorted(path.parent.name for path in folder.glob(f"*/{MODEL_FILE}"))
    raise ConfigError(folder, "", f"no model {name!r}; there is: {', '.join(known) or 'none'}")


def find_ebike_model(name: str, folder: Path) -> Model:
    """Likewise, one that was trained on e-bikes. Raises ConfigError: any other would see none."""
    model = find_model(name, folder)
    if EBIKE not in model.spec.labels:
        raise ConfigError(model.path / MODEL_FILE, "labels", f"has no {EBIKE!r}")
    return model

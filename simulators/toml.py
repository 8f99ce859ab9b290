"""Reads a TOML file into a model; a mistake gives one line that names file and key."""

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from simulators.errors import ConfigError

M = TypeVar("M", bound=BaseModel)


def read(path: Path, model: type[M]) -> M:
    """The file as `model`. Raises ConfigError: missing, not TOML, unknown key or bad value."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"]) or "file"
        raise ConfigError(f"{path}: {key}: {first['msg']}") from None

"""TOML read into frozen models; a mistake becomes one line that names file and key."""

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from hub.config.own import in_force
from hub.errors import ConfigError


class Table(BaseModel):
    """Base of everything that a configuration file may say: unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


T = TypeVar("T", bound=BaseModel)


def read_toml(path: Path) -> dict[str, Any]:
    """The file's tables. Raises ConfigError when it cannot be read or is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(path, "", "no such file") from None
    except (IsADirectoryError, PermissionError, UnicodeDecodeError) as error:
        raise ConfigError(path, "", f"cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(path, "", f"is not TOML: {error}") from None


def read_model(path: Path, model: type[T]) -> T:
    """The file as a `model`. Raises ConfigError."""
    return check_model(path, "", model, read_toml(path))


def check_model(path: Path, prefix: str, model: type[T], table: object) -> T:
    """A table of the file as a `model`; `prefix` is the table's own key. Raises ConfigError."""
    try:
        return model.model_validate(table)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        key = key_of(prefix, faults[0]["loc"])
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise ConfigError(path, key, problem_of(faults[0], model) + more) from None


def toml_files(directory: Path, own: Path | None = None) -> list[Path]:
    """The directory's TOML files in order, own copies in their place. Raises ConfigError: none."""
    if not directory.is_dir():
        raise ConfigError(directory, "", "no such folder")
    files = sorted(directory.glob("*.toml"))
    if not files:
        raise ConfigError(directory, "", "holds no .toml file")
    return [in_force(path, own) for path in files]


def key_of(prefix: str, loc: tuple[int | str, ...]) -> str:
    """A place in a file as errors name it: `agent[0].device[2].kind`."""
    key = prefix
    for part in loc:
        if isinstance(part, int):
            key += f"[{part}]"
        else:
            key += f".{part}" if key else part
    return key


def problem_of(fault: ErrorDetails, model: type[BaseModel]) -> str:
    """One line for one of the mistakes that pydantic found."""
    if fault["type"] == "missing":
        return "is missing"
    if fault["type"] == "extra_forbidden":
        known = ""
        if len(fault["loc"]) == 1:
            names = sorted(field.alias or name for name, field in model.model_fields.items())
            known = f"; known here: {', '.join(names)}" if names else "; none is known here"
        return "unknown key" + known
    return fault["msg"].removeprefix("Value error, ")

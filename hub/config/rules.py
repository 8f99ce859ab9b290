"""Rule settings as written; each rule reads its own table, see `hub.rules`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.config.table import read_toml, toml_files


@dataclass(frozen=True, slots=True)
class RuleTable:
    """One rule's settings file, not yet checked against the rule."""

    path: Path
    table: dict[str, Any]


def load_rules(directory: Path, own: Path | None = None) -> dict[str, RuleTable]:
    """The settings of a folder by rule id, the file's name. own: copies. Raises ConfigError."""
    return {path.stem: RuleTable(path, read_toml(path)) for path in toml_files(directory, own)}

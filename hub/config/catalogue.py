"""The catalogue of cases, and the purposes for which access traces may be looked at."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from hub.config.alarms import AlarmType, Priority
from hub.config.table import Table, read_model, toml_files
from hub.errors import ConfigError
from wire import Id, Text


class Category(Table):
    """A category of cases. `manual`: people may report one by hand."""

    id: Id
    name: Text
    priority: Priority
    hint: Text | None = None
    manual: bool = True


class Purpose(Table):
    """A reason to look at who passed where; recorded with each look."""

    id: Id
    name: Text


class Catalogue(Table):
    """Categories and purposes by id, in the files' order."""

    categories: dict[str, Category]
    purposes: dict[str, Purpose]


class _File(Table):
    categories: Annotated[tuple[Category, ...], Field(alias="category")] = ()
    purposes: Annotated[tuple[Purpose, ...], Field(alias="purpose")] = ()


def load_catalogue(directory: Path) -> Catalogue:
    """The catalogue of a folder, all its files together. Raises ConfigError."""
    categories: dict[str, Category] = {}
    purposes: dict[str, Purpose] = {}
    for path in toml_files(directory):
        file = read_model(path, _File)
        for row, category in enumerate(file.categories):
            _refuse_twice(path, f"category[{row}].id", category.id, categories)
            categories[category.id] = category
        for row, purpose in enumerate(file.purposes):
            _refuse_twice(path, f"purpose[{row}].id", purpose.id, purposes)
            purposes[purpose.id] = purpose
    return Catalogue(categories=categories, purposes=purposes)


def check_categories(directory: Path, alarms: dict[str, AlarmType], catalogue: Catalogue) -> None:
    """Every alarm type's case category exists. Raises ConfigError; `directory` holds the alarms."""
    for alarm in alarms.values():
        if alarm.case.category not in catalogue.categories:
            raise ConfigError(
                directory,
                f"{alarm.id}: case.category",
                f"no category {alarm.case.category!r} in the case catalogue",
            )


def _refuse_twice(path: Path, key: str, name: str, seen: object) -> None:
    if isinstance(seen, dict) and name in seen:
        raise ConfigError(path, key, f"{name!r} is used already in this folder")

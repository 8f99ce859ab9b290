"""Modes of a site (平急): what an emergency changes in alarms, deadlines and dispatch, as data."""

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from hub.config.alarms import AlarmType, Priority
from hub.config.catalogue import Catalogue, Category, Duration
from hub.config.org import Org
from hub.config.role import Role
from hub.config.table import Table, read_model, toml_files
from hub.errors import ConfigError
from wire import Id, Text

NORMAL: Final = "normal"
"""The mode that every folder has: in force wherever no other is, and it changes nothing."""


class CaseChange(Table):
    """What a mode changes in cases of some classes and categories; neither named means all.

    priority: at least this one. time: share of each step's usual time. hours: the calendar in which
    deadlines count, instead of the category's own.
    level: of the organisation, at which such a case starts. lead: the department that it is sent
    to. call: posts that are told as soon as one opens.
    """

    classes: tuple[Id, ...] = ()
    categories: tuple[Id, ...] = ()
    priority: Priority | None = None
    time: Annotated[float, Field(gt=0, le=1)] = 1.0
    hours: Id | None = None
    level: Id | None = None
    lead: Id | None = None
    call: tuple[Id, ...] = ()

    def fits(self, category: Category) -> bool:
        """Whether it speaks of such a case."""
        everything = not (self.classes or self.categories)
        named = category.case_class in self.classes or category.id in self.categories
        return everything or named


class Mode(Table):
    """One position of the switch.

    tone: how it is drawn. role: the least that may switch it on, prolong it and end it.
    longest: for how long at a time; it may be prolonged. guide: what people do, one step a line.
    alarms: priorities by condition, instead of the alarm type's own.
    """

    id: Id
    name: Text
    tone: Literal["calm", "heightened", "emergency"]
    role: Role = Role.SUPERVISOR
    longest: Duration
    guide: Text
    alarms: dict[Id, Priority] = Field(default_factory=dict)
    cases: Annotated[tuple[CaseChange, ...], Field(alias="case")] = ()

    def change_of(self, category: Category) -> CaseChange | None:
        """What it changes for such cases: the first entry that fits."""
        return next((one for one in self.cases if one.fits(category)), None)


def load_modes(directory: Path, own: Path | None = None) -> dict[str, Mode]:
    """All modes of a folder by id, one per file. own: copies. Raises ConfigError."""
    found: dict[str, Mode] = {}
    for path in toml_files(directory, own):
        mode = read_model(path, Mode)
        if mode.id in found:
            raise ConfigError(path, "id", f"{mode.id!r} is used already in this folder")
        if mode.id == NORMAL and (mode.alarms or mode.cases or mode.tone != "calm"):
            raise ConfigError(path, "id", f"{NORMAL!r} is calm and changes nothing")
        found[mode.id] = mode
    if NORMAL not in found:
        raise ConfigError(directory, "id", f"there is no {NORMAL!r}")
    return found


def check_modes(
    directory: Path,
    modes: dict[str, Mode],
    *,
    alarms: dict[str, AlarmType],
    catalogue: Catalogue,
    org: Org,
) -> None:
    """Whatever modes name is there, and none touches life safety. Raises ConfigError."""
    for mode in modes.values():
        for name, priority in mode.alarms.items():
            key = f"{mode.id}: alarms.{name}"
            alarm = alarms.get(name)
            if alarm is None:
                raise ConfigError(directory, key, f"no alarm type {name!r}")
            if Priority.P0 in {alarm.priority, priority}:
                problem = "P0 is life safety by nature: no mode gives it or takes it away"
                raise ConfigError(directory, key, problem)
        for row, change in enumerate(mode.cases):
            _check_change(directory, f"{mode.id}: case[{row}]", change, catalogue, org)


def _check_change(
    directory: Path, key: str, change: CaseChange, catalogue: Catalogue, org: Org
) -> None:
    for field, names, known in (
        ("classes", change.classes, set(catalogue.classes)),
        ("categories", change.categories, set(catalogue.categories)),
        ("call", change.call, {one.id for one in org.tree.posts}),
        ("hours", (change.hours,), set(catalogue.calendars)),
        ("lead", (change.lead,), set(catalogue.departments)),
        ("level", (change.level,), {one.id for one in org.tree.levels}),
    ):
        for name in names:
            if name is not None and name not in known:
                raise ConfigError(directory, f"{key}.{field}", f"no {name!r} in the configuration")

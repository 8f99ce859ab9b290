"""The catalogue of cases; the purposes of looks at access traces; the tags of residents."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field

from hub.config.alarms import AlarmType, Priority
from hub.config.calendar import Calendar
from hub.config.org import Org
from hub.config.role import Role
from hub.config.standard import StandardItem
from hub.config.table import Table, read_model, toml_files
from hub.errors import ConfigError
from wire import Id, Text

OTHER: Final = "other"
"""The category that every catalogue has: for what fits no other."""

_UNITS: Final = {"m": 60, "h": 3600}
_LONGEST_S: Final = 1000 * 3600


def _seconds(value: object) -> int:
    """`15m` or `4h` as seconds. There are no days: whether one has 24 or 8 hours is unclear."""
    match = re.fullmatch(r"([1-9][0-9]{0,4})([mh])", value) if isinstance(value, str) else None
    if match is None:
        raise ValueError('is not a time such as "15m" or "4h"')
    return int(match[1]) * _UNITS[match[2]]


def _bounded(seconds: int) -> int:
    if seconds > _LONGEST_S:
        raise ValueError("is longer than 1000h")
    return seconds


Duration = Annotated[int, BeforeValidator(_seconds), AfterValidator(_bounded)]
"""Seconds, written `15m` or `4h`."""


class Whistle(StrEnum):
    """How many have to come together for a case: the class of the call (吹哨)."""

    REGULAR = "regular"  # 常规哨: one department does it
    JOINT = "joint"  # 联合哨: a lead and helpers
    TOUGH = "tough"  # 攻坚哨: taken up by the level above until it is solved


WHISTLE_NAMES: Final = {
    Whistle.REGULAR: Text(zh="常规哨", en="Regular call"),
    Whistle.JOINT: Text(zh="联合哨", en="Joint call"),
    Whistle.TOUGH: Text(zh="攻坚哨", en="Hard-case call"),
}


class Dispute(StrEnum):
    """Who is responsible where nobody wants to be (三定)."""

    BY_LAW = "by-law"  # 依法定
    BY_AGREEMENT = "by-agreement"  # 协议定
    BY_ASSIGNMENT = "by-assignment"  # 指定


DISPUTE_NAMES: Final = {
    Dispute.BY_LAW: Text(zh="依法定责", en="By law"),
    Dispute.BY_AGREEMENT: Text(zh="协商定责", en="By agreement"),
    Dispute.BY_ASSIGNMENT: Text(zh="指定定责", en="By assignment"),
}


class Deadlines(Table):
    """How long each step may take, in seconds of the calendar's open hours.

    accept: from discovery. handle: from acceptance to the report. verify: from the report.
    """

    accept: Duration
    handle: Duration
    verify: Duration
    hours: Id = "always"


class Escalation(Table):
    """What a step does that takes its time, by the case's priority.

    remind_at: share of the step's time after which whoever has it is reminded.
    climb_every: seconds between two units up the tree, once it is overdue.
    """

    priority: Priority
    remind_at: Annotated[float, Field(gt=0, lt=1)]
    climb_every: Duration


class CaseClass(Table):
    """A branch of the catalogue's tree; categories are its leaves."""

    id: Id
    name: Text


class Department(Table):
    """Who handles cases.

    post: who of the organisation answers for it. contractor: a firm that works for the estate; a
        case may go straight to it while the department that leads watches.
    """

    id: Id
    name: Text
    post: Id | None = None
    contractor: bool = False


class Category(Table):
    """A category of cases.

    case_class: its branch. manual: people may report one by hand.
    level: of the organisation, on which such a case is normally settled.
    standard: what has to be true before it may be closed, ticked one by one.
    lead, helpers: departments. direct: a grid officer may send it straight to a contractor.
    """

    id: Id
    case_class: Annotated[Id, Field(alias="class")]
    name: Text
    priority: Priority
    level: Id
    whistle: Whistle = Whistle.REGULAR
    deadlines: Deadlines
    lead: Id
    helpers: tuple[Id, ...] = ()
    dispute: Dispute
    direct: bool = False
    hint: Text | None = None
    manual: bool = True
    standard: Annotated[tuple[StandardItem, ...], Field(min_length=1)]


class Purpose(Table):
    """What somebody may look at who passed where for; recorded with each look.

    needs_reason: it has to be said in words. needs_case: a case of the site has to be named.
    report: somebody asks who has looked at them; no other purpose opens that report.
    """

    id: Id
    name: Text
    needs_reason: bool = True
    needs_case: bool = False
    report: bool = False


class Tag(Table):
    """Something that people of a household may be marked with.

    role: the least that sees it. quiet_days: with no passage of theirs for so many days somebody
        should look after them.
    """

    id: Id
    name: Text
    role: Role = Role.GUARD
    quiet_days: Annotated[int, Field(ge=1, le=90)] | None = None


class Catalogue(Table):
    """Everything of the folder by id, in the files' order."""

    classes: dict[str, CaseClass]
    categories: dict[str, Category]
    departments: dict[str, Department]
    calendars: dict[str, Calendar]
    escalations: dict[Priority, Escalation]
    purposes: dict[str, Purpose]
    tags: dict[str, Tag] = Field(default_factory=dict)


class CatalogueFile(Table):
    """A file of the folder; what each holds is for its author to choose."""

    classes: Annotated[tuple[CaseClass, ...], Field(alias="class")] = ()
    categories: Annotated[tuple[Category, ...], Field(alias="category")] = ()
    departments: Annotated[tuple[Department, ...], Field(alias="department")] = ()
    calendars: Annotated[tuple[Calendar, ...], Field(alias="calendar")] = ()
    escalations: Annotated[tuple[Escalation, ...], Field(alias="escalation")] = ()
    purposes: Annotated[tuple[Purpose, ...], Field(alias="purpose")] = ()
    tags: Annotated[tuple[Tag, ...], Field(alias="tag")] = ()


def load_catalogue(directory: Path, own: Path | None = None) -> Catalogue:
    """The catalogue of a folder, all its files together. own: copies. Raises ConfigError."""
    files = [(path, read_model(path, CatalogueFile)) for path in toml_files(directory, own)]
    found: dict[str, dict[str, Table]] = {}
    for name, field in CatalogueFile.model_fields.items():
        table = found.setdefault(name, {})
        key = "priority" if name == "escalations" else "id"
        for path, file in files:
            for row, one in enumerate(getattr(file, name)):
                known = str(getattr(one, key))
                if known in table:
                    problem = f"{known!r} is used already in this folder"
                    raise ConfigError(path, f"{field.alias}[{row}].{key}", problem)
                table[known] = one
    catalogue = Catalogue.model_validate(found)
    if OTHER not in catalogue.categories:
        raise ConfigError(directory, "category", f"there is no {OTHER!r}")
    for priority in Priority:
        if priority not in catalogue.escalations:
            raise ConfigError(directory, "escalation", f"there is none for {priority}")
    for path, file in files:
        for row, category in enumerate(file.categories):
            _check_references(path, f"category[{row}]", category, catalogue)
    return catalogue


def check_categories(directory: Path, alarms: dict[str, AlarmType], catalogue: Catalogue) -> None:
    """Every alarm type's case category exists. Raises ConfigError; `directory` holds the alarms."""
    for alarm in alarms.values():
        if alarm.case.category not in catalogue.categories:
            raise ConfigError(
                directory,
                f"{alarm.id}: case.category",
                f"no category {alarm.case.category!r} in the case catalogue",
            )


def check_catalogue(directory: Path, catalogue: Catalogue, org: Org) -> None:
    """What the catalogue says of the organisation is there. Raises ConfigError."""
    levels = {one.id for one in org.tree.levels}
    for category in catalogue.categories.values():
        if category.level not in levels:
            problem = f"no level {category.level!r} in the organisation"
            raise ConfigError(directory, f"{category.id}: level", problem)
    for department in catalogue.departments.values():
        if department.post is not None and org.tree.post(department.post) is None:
            problem = f"no post {department.post!r} in the organisation"
            raise ConfigError(directory, f"{department.id}: post", problem)


def _check_references(path: Path, key: str, category: Category, catalogue: Catalogue) -> None:
    """What a category names by id is there, and its whistle calls whom it needs."""
    classes, departments = set(catalogue.classes), set(catalogue.departments)
    for field, name, known in (
        ("class", category.case_class, classes),
        ("lead", category.lead, departments),
        ("deadlines.hours", category.deadlines.hours, set(catalogue.calendars)),
        *(("helpers", helper, departments) for helper in category.helpers),
    ):
        if name not in known:
            raise ConfigError(path, f"{key}.{field}", f"{name!r} is not in this folder")
    words = [item.zh for item in category.standard]
    if len(set(words)) < len(words):
        raise ConfigError(path, f"{key}.standard", "says the same twice")
    if category.lead in category.helpers:
        raise ConfigError(path, f"{key}.helpers", f"{category.lead!r} leads already")
    if category.whistle is not Whistle.REGULAR and not category.helpers:
        raise ConfigError(path, f"{key}.helpers", f"a {category.whistle} call needs helpers")

"""Which fields name something that stands elsewhere in the configuration, and what there is."""

from collections.abc import Iterable
from typing import Final

from hub.config import AlarmType, Catalogue, Site
from hub.config.org import Org
from wire import Text
from wire.kinds import load as load_kinds

CHOICES: Final[dict[str, dict[str, str]]] = {
    "Absence": {"post": "posts", "substitute": "posts"},
    "Shift": {"roster": "posts"},
    "Desk": {"unit": "units", "sites": "sites", "buildings": "buildings"},
    "Unit": {
        "level": "levels",
        "parent": "units",
        "posts": "posts",
        "sites": "sites",
        "buildings": "buildings",
    },
    "Department": {"post": "posts"},
    "Category": {
        "class": "classes",
        "level": "levels",
        "lead": "departments",
        "helpers": "departments",
    },
    "Deadlines": {"hours": "calendars"},
    "CasePolicy": {"category": "categories"},
    "AlarmType": {"suppresses": "conditions"},
    "CaseChange": {
        "classes": "classes",
        "categories": "categories",
        "hours": "calendars",
        "level": "levels",
        "lead": "departments",
        "call": "posts",
    },
    "PatrolPlan": {"posts": "posts", "missed": "categories"},
    "PatrolPoint": {"category": "categories"},
    "Limit": {"posts": "posts"},
    "Allow": {"units": "units"},
    "DeviceGroup": {"kinds": "kinds"},
    "Device": {"kind": "kinds"},
}
"""By the model's name and the field as it is written."""

Choice = tuple[str, Text]


def choices(
    org: Org, catalogue: Catalogue, alarms: dict[str, AlarmType], sites: Iterable[Site]
) -> dict[str, list[Choice]]:
    """What there is to choose from, by what `CHOICES` calls it; ids with their names."""
    sites = list(sites)
    everywhere = ("*", Text(zh="全部小区", en="Every site"))
    return {
        "posts": [(one.id, one.name) for one in org.tree.posts],
        "units": [(one.id, one.name) for one in org.tree.units],
        "levels": [(one.id, one.name) for one in org.tree.levels],
        "classes": [(one.id, one.name) for one in catalogue.classes.values()],
        "categories": [(one.id, one.name) for one in catalogue.categories.values()],
        "departments": [(one.id, one.name) for one in catalogue.departments.values()],
        "calendars": [(one.id, one.name) for one in catalogue.calendars.values()],
        "conditions": [(one.id, one.name) for one in alarms.values()],
        "kinds": [(one.id, one.name) for one in load_kinds().values()],
        "sites": [everywhere, *((one.id, one.name) for one in sites)],
        "buildings": [
            (
                f"{site.id}/{one.id}",
                Text(zh=site.name.zh + one.name.zh, en=f"{site.name.en}, {one.name.en}"),
            )
            for site in sites
            for one in site.buildings
        ],
    }

"""What ships in configs/, read once for all tests of a worker: it is frozen, and nobody changes it.

Reading the catalogue anew took longer than most of the tests that need it.
"""

import functools
from pathlib import Path

from hub.config import (
    AlarmType,
    Catalogue,
    Mode,
    Site,
    load_alarms,
    load_catalogue,
    load_modes,
    load_patrols,
    load_rules,
    load_site,
)
from hub.config.org import Org, load_org
from hub.rules import RuleSettings, read_settings

CONFIGS = Path(__file__).parents[1] / "configs"


@functools.cache
def alarms() -> dict[str, AlarmType]:
    return load_alarms(CONFIGS / "alarms")


@functools.cache
def settings() -> RuleSettings:
    return read_settings(load_rules(CONFIGS / "rules"), alarms(), directory=CONFIGS / "rules")


@functools.cache
def catalogue() -> Catalogue:
    return load_catalogue(CONFIGS / "cases")


@functools.cache
def org() -> Org:
    return load_org(CONFIGS / "org")


@functools.cache
def modes() -> dict[str, Mode]:
    return load_modes(CONFIGS / "modes")


@functools.cache
def patrols():
    return load_patrols(CONFIGS / "patrols")


@functools.cache
def site() -> Site:
    return load_site(CONFIGS / "sites" / "jinxiu.toml")

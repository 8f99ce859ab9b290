"""What ships in configs/, read once for all tests of a worker.

Reading the catalogue anew took longer than most of the tests that need it. What tests may change is
handed out as a copy of its own; the rest is frozen.
"""

import functools
from dataclasses import replace
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

_alarms = functools.cache(functools.partial(load_alarms, CONFIGS / "alarms"))
_modes = functools.cache(functools.partial(load_modes, CONFIGS / "modes"))
_org = functools.cache(functools.partial(load_org, CONFIGS / "org"))
_patrols = functools.cache(functools.partial(load_patrols, CONFIGS / "patrols"))


def alarms() -> dict[str, AlarmType]:
    return dict(_alarms())


def modes() -> dict[str, Mode]:
    return dict(_modes())


def org() -> Org:
    return replace(_org())


def patrols():
    return dict(_patrols())


@functools.cache
def settings() -> RuleSettings:
    return read_settings(load_rules(CONFIGS / "rules"), _alarms(), directory=CONFIGS / "rules")


@functools.cache
def catalogue() -> Catalogue:
    return load_catalogue(CONFIGS / "cases")


@functools.cache
def site() -> Site:
    return load_site(CONFIGS / "sites" / "jinxiu.toml")

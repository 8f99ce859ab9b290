"""The parts of a hub's configuration: each file that it reads, and the model that checks it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from hub.config import AlarmType, HubConfig, Mode, Site
from hub.config.catalogue import CatalogueFile
from hub.config.channels import Channels
from hub.config.org.desks import Roster
from hub.config.org.rights import Rights
from hub.config.org.tree import Tree
from hub.config.own import CHANNELS
from hub.config.patrols import PatrolFile
from hub.rules.registry import load as load_rules

HUB: Final = "hub/hub"
NOTIFY: Final = "notify/channels"
"""`hub.toml` itself: shown, never written. It says where everything else lies, this too."""

ORG: Final[dict[str, type[BaseModel]]] = {"tree": Tree, "desks": Roster, "rights": Rights}


@dataclass(frozen=True, slots=True)
class Part:
    """One file. area: what it is about, and the folder that its own copy lies in.

    path: as `hub.toml` names it; None for one that it does not name. model: what checks it.
    site: the site that it is about, where it is about one alone. at_once: the running hub takes up
    what is saved, where it can; see `hub.app.taking_up`.
    """

    area: str
    name: str
    path: Path | None
    model: type[BaseModel]
    editable: bool = True
    site: str | None = None
    at_once: bool = False

    @property
    def id(self) -> str:
        """`alarms/door-forced`."""
        return f"{self.area}/{self.name}"

    @property
    def file(self) -> str:
        """Where its own copy lies, below the folder of own copies."""
        if self.id == NOTIFY or self.path is None:
            return CHANNELS
        return f"{self.area}/{self.path.name}"


def parts_of(config: HubConfig, site_ids: dict[Path, str]) -> dict[str, Part]:
    """All parts by id, in the order in which people look for them.

    site_ids: which site each site file is of. Two site files of one name cannot be told apart
    among own copies: such are not written.
    """
    found = [*_sites(config, site_ids), *_org(config), *_folders(config)]
    found.append(Part("notify", "channels", config.notify.channels, Channels))
    found.append(Part("hub", "hub", config.source, HubConfig, editable=False))
    return {one.id: one for one in found}


def _sites(config: HubConfig, site_ids: dict[Path, str]) -> Iterator[Part]:
    names = [path.name for path in config.sites]
    for path in config.sites:
        alone = names.count(path.name) == 1
        name = path.stem if alone else site_ids.get(path, path.stem)
        yield Part("sites", name, path, Site, editable=alone, site=site_ids.get(path))


def _org(config: HubConfig) -> Iterator[Part]:
    for name, model in ORG.items():
        yield Part("org", name, config.org / f"{name}.toml", model, at_once=name == "desks")


def _folders(config: HubConfig) -> Iterator[Part]:
    rules = {name: spec.settings for name, spec in load_rules().items()}
    for area, folder, model in (
        ("alarms", config.alarms, AlarmType),
        ("cases", config.cases, CatalogueFile),
        ("modes", config.modes, Mode),
        ("patrols", config.patrols, PatrolFile),
        ("rules", config.rules, None),
    ):
        for path in () if folder is None else sorted(folder.glob("*.toml")):
            checks = rules.get(path.stem) if model is None else model
            if checks is not None:
                yield Part(area, path.stem, path, checks)

"""Patrols (巡查): rounds of a site's places and devices, and when each of them is due, as data."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from hub.config.catalogue import OTHER, Catalogue, Duration
from hub.config.org import Org
from hub.config.org.desks import Clock, Day
from hub.config.site import Site
from hub.config.table import Table, read_model, toml_files
from hub.errors import ConfigError
from wire import Id, Text

Plans = Mapping[str, Mapping[str, "PatrolPlan"]]
"""Plans by site and id."""


class PatrolPoint(Table):
    """A stop of a round.

    device: of the site; place: in words, which a device has of its own. look: what to look at.
    category: of the case that a finding here becomes, unless the guard picks another one.
    """

    id: Id
    name: Text
    device: Id | None = None
    place: Text | None = None
    look: Annotated[tuple[Text, ...], Field(min_length=1)]
    category: Id = OTHER


class PatrolPlan(Table):
    """A round that comes again.

    days, times: when it is due, on the organisation's clock. lasts: how long it should take;
    grace: how long after that it may still be finished.
    posts: of the organisation, who walks it; they are told when it was missed.
    missed: category of the case that opens by itself when a round was missed; none is on record
        only. proof: each point is confirmed by the code that hangs there.
    points: in the order in which they are walked.
    """

    id: Id
    name: Text
    days: Annotated[tuple[Day, ...], Field(min_length=1)] = tuple(Day)
    times: Annotated[tuple[Clock, ...], Field(min_length=1)]
    lasts: Duration
    grace: Duration
    posts: tuple[Id, ...] = ()
    missed: Id | None = None
    proof: bool = False
    points: Annotated[tuple[PatrolPoint, ...], Field(alias="point", min_length=1, max_length=200)]


class PatrolFile(Table):
    """The plans of one site."""

    site: Id
    plans: Annotated[tuple[PatrolPlan, ...], Field(alias="plan", min_length=1)]


def load_patrols(directory: Path, own: Path | None = None) -> dict[str, dict[str, PatrolPlan]]:
    """The plans of a folder by site and id. own: copies. Raises ConfigError."""
    found: dict[str, dict[str, PatrolPlan]] = {}
    for path in toml_files(directory, own):
        file = read_model(path, PatrolFile)
        plans = found.setdefault(file.site, {})
        for row, plan in enumerate(file.plans):
            if plan.id in plans:
                problem = f"{plan.id!r} is used already for this site"
                raise ConfigError(path, f"plan[{row}].id", problem)
            names = [point.id for point in plan.points]
            if len(set(names)) < len(names):
                raise ConfigError(path, f"plan[{row}].point", "uses an id twice")
            if "24:00" in plan.times:
                raise ConfigError(path, f"plan[{row}].times", "midnight begins a day: 00:00")
            plans[plan.id] = plan
    return found


def check_patrols(
    directory: Path, patrols: Plans, *, sites: Iterable[Site], catalogue: Catalogue, org: Org
) -> None:
    """Whatever the plans of these sites name is there. Raises ConfigError."""
    posts = {one.id for one in org.tree.posts}
    manual = {one.id for one in catalogue.categories.values() if one.manual}
    for site in sites:
        devices = {device.id for _, device in site.devices()}
        for plan in patrols.get(site.id, {}).values():
            for key, names, known in (
                ("posts", plan.posts, posts),
                ("missed", (plan.missed,), manual),
                ("point.device", [one.device for one in plan.points], devices),
                ("point.category", [one.category for one in plan.points], manual),
            ):
                for name in names:
                    if name is not None and name not in known:
                        raise ConfigError(
                            directory,
                            f"{site.id}: {plan.id}: {key}",
                            f"no {name!r} in the configuration",
                        )

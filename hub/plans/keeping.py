"""Plans as files: the one that comes with a site, and the one that people have drawn since."""

import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import structlog

from hub.config import Site
from hub.config.plan import NO_PLAN, Plan, check_plan, fitting, load_plan, plan_file
from hub.config.table import read_model
from hub.errors import BadRequestError, ConfigError, ConflictError, UnavailableError
from hub.plans.written import written

log = structlog.get_logger(__name__)

NOTHING: Final = "0"
"""The version of a plan that there is not."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A plan as it is now.

    version: changes with every change. source: drawn in the console, a file beside the site's,
    or made from the registry alone. path: its file; None when it has none.
    """

    plan: Plan
    version: str
    source: Literal["drawn", "file", "made"]
    path: Path | None


class PlanFiles:
    """The plans of all sites. `change` may be called from any thread; one at a time goes on.

    folder: where what is drawn is kept, among the hub's data. Reading raises ConfigError.
    """

    def __init__(self, folder: Path, sites: Iterable[Site]) -> None:
        self._folder = folder
        self._sites: Mapping[str, Site] = {site.id: site for site in sites}
        self._kept = {name: self._read(site) for name, site in self._sites.items()}
        self._started = {name: kept.plan for name, kept in self._kept.items()}
        self._turn = threading.Lock()

    def sites(self) -> tuple[Site, ...]:
        """All sites, as their files say."""
        return tuple(self._sites.values())

    def site(self, site: str) -> Site:
        """The site, as its file says."""
        return self._sites[site]

    def started_with(self, site: str) -> Plan:
        """The plan that this hub has read at its start: what its rules go by."""
        return self._started[site]

    def of(self, site: str) -> Kept:
        """The plan of a site as it is now."""
        return self._kept[site]

    def change(self, site: str, version: str, how: Callable[[Plan], Plan]) -> Kept:
        """Put `how(plan)` in the plan's place, on the disk before here.

        version: of the plan that was changed. Raises ConflictError when that is no longer the
        newest; BadRequestError when it does not fit the site; UnavailableError when the disk does
        not take it. Nothing has changed then.
        """
        with self._turn:
            known = self._kept[site]
            if version != known.version:
                raise ConflictError("somebody else has changed the plan since you opened it")
            plan = how(known.plan)
            path = self._folder / f"{site}.toml"
            try:
                check_plan(path, plan, self._sites[site])
            except ConfigError as error:
                raise BadRequestError(error.problem, field=error.key) from None
            text = written(plan)
            try:
                read = _put(path, text, self._sites[site])
            except OSError as error:
                log.error("plans.not_kept", site=site, error=error.strerror)  # noqa: TRY400
                raise UnavailableError("the disk does not take the plan; nothing changed") from None
            self._kept[site] = Kept(read, _version(text), "drawn", path)
            return self._kept[site]

    def _read(self, site: Site) -> Kept:
        beside, drawn = plan_file(site), self._folder / f"{site.id}.toml"
        for path, source in ((drawn, "drawn"), (beside, "file")):
            if path.is_file():
                plan = _drawn(path, site) if source == "drawn" else load_plan(path, site)
                version = _version(path.read_text(encoding="utf-8"))
                if source == "drawn" and beside.is_file():
                    log.info("plans.drawn_in_place_of_file", site=site.id)
                return Kept(plan, version, "drawn" if source == "drawn" else "file", path)
        return Kept(NO_PLAN, NOTHING, "made", None)


def _drawn(path: Path, site: Site) -> Plan:
    """What people have drawn, but for what has left the site since: it must not hold up a start."""
    plan, gone = fitting(read_model(path, Plan), site)
    if gone:
        log.warning("plans.left_out", site=site.id, gone=gone)
    check_plan(path, plan, site)
    return plan


def _version(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _put(path: Path, text: str, site: Site) -> Plan:
    """The whole file or the one before it, whatever happens meanwhile; what was read back."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    plan = load_plan(beside, site)
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return plan

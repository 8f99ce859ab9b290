"""`gatehouse import residents`: a list, straight into the hub's database."""

import gc
import hashlib
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from gatehouse.logs import log_to_stderr
from gatehouse.resources import shipped
from hub.access.audit import Act
from hub.app.estate import read_estate
from hub.config import load_hub
from hub.errors import ConfigError
from hub.households.columns import words_of
from hub.households.planning import Sealing
from hub.store import Store, open_store
from hub.store.households.importing import Importer, ListMode, Outcome
from hub.store.people.trail import append_act
from hub.store.seal import Seal, mask
from hub.store.secrets import load_secrets

ACTOR: Final = "system"
"""Whoever may read the hub's keys on its machine."""


def run(file: Path, site: str, config: Path, *, dry_run: bool, by_line: bool) -> int:
    """Take the list in and say what became of it; 1 when a line is wrong."""
    log_to_stderr()
    gc.disable()  # rows by the ten thousand, and no ring among them: looking for some costs a sixth
    mode = ListMode.TRY if dry_run else ListMode.LINES if by_line else ListMode.WHOLE
    hub = load_hub(config, shipped=shipped("configs"))
    estate = read_estate(hub)
    found = next((one for one in estate.sites if one.id == site), None)
    if found is None:
        raise ConfigError(config, "sites", f"there is no site {site!r}")
    if not (hub.data / "secrets" / "hash.key").exists():
        raise ConfigError(config, "data", "no hub has run here yet; start it once")
    seal = Seal(load_secrets(hub.data / "secrets"))
    data = file.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()

    def record(connection: Connection, outcome: Outcome) -> None:
        detail = {"sha256": sha256, **outcome.counts}
        act = Act(_now(), ACTOR, "household.import", site, site=site, detail=detail)
        append_act(connection, act)

    store = open_store(estate.where, alone=False)
    try:
        importer = Importer(
            site=site,
            buildings=words_of(found.buildings),
            tags=words_of(estate.catalogue.tags.values()),
            sealing=Sealing(
                hash=seal.hasher(site),
                seal=seal.sealer(site),
                mask=mask,
            ),
            utc_offset=estate.org.roster.utc_offset,
            reader=store.reader,
            write=lambda work: _write(store, work),
            record=record,
            now=_now,
        )
        return _told(importer.run(data, mode))
    finally:
        store.close()


def _write(store: Store, work: Callable[[Connection], int]) -> int:
    with store.writer.connect() as connection, connection.begin():
        return work(connection)


def _told(outcome: Outcome) -> int:
    for one in outcome.problems:
        place = f"line {one.line}" + (
            "" if one.place is None else f", {one.place.zh} {one.place.en}"
        )
        print(
            f"{place}: {one.what.zh}; {one.what.en}. {one.todo.zh}; {one.todo.en}", file=sys.stderr
        )
    if outcome.wrong:
        print(f"{outcome.wrong} of {outcome.lines} lines are wrong", file=sys.stderr)
    done = "registered" if outcome.applied else "nothing written; it would register"
    print(
        f"{done}: {outcome.households} households, {outcome.people} people, "
        f"{outcome.credentials} cards and cars; {outcome.changed} changed, of {outcome.lines} lines"
    )
    return int(outcome.wrong > 0)


def _now() -> int:
    return time.time_ns() // 1_000_000

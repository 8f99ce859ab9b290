"""`gatehouse audit`: whether the record of who did what is as it was written."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import URL, Connection

from gatehouse.logs import log_to_stderr
from gatehouse.resources import shipped
from hub.access.audit import chain_of
from hub.access.checkpoints import Checkpoint, Signer
from hub.access.verifying import Fault, Verdict, Wrong
from hub.config import HubConfig, load_hub
from hub.database import postgres, sqlite
from hub.store.address import database_of
from hub.store.people.chains import all_chains, judge, tip_of
from hub.store.people.checkpoint_files import append_checkpoints, read_checkpoints
from hub.store.secrets import load_secrets
from hub.store.upgrade import is_current


def check(
    config: Path, site: str | None, folder: Path | None, key: str | None, *, as_json: bool
) -> int:
    """Check the chains, one line each on the standard output stream; 1 when one is not whole."""
    log_to_stderr()
    hub = load_hub(config, shipped=shipped("configs"))
    public_key = key or _signer(hub).public_key
    place = folder or hub.audit.checkpoints or hub.data / "audit"
    # read before the trail: whatever they tell of is there when the trail is read
    kept = read_checkpoints(place) if folder is not None or place.is_dir() else []
    bad = 0
    with _reading(hub) as reader:
        chains = sorted({*all_chains(reader), *(one.chain for one in kept)})
        for chain in [chain_of(site)] if site is not None else chains:
            found = judge(reader, chain, public_key, kept)
            bad += found.fault is not None
            print(json.dumps(asdict(found)) if as_json else _line(found))
    return 1 if bad else 0


def checkpoint(config: Path, folder: Path | None) -> int:
    """Sign every chain as it is now, into a folder, or as lines on the standard output stream."""
    log_to_stderr()
    hub = load_hub(config, shipped=shipped("configs"))
    signer, now = _signer(hub), time.time_ns() // 1_000_000
    with _reading(hub) as reader:
        tips = [tip_of(reader, chain, now) for chain in all_chains(reader)]
    signed: list[Checkpoint] = [signer.sign(one) for one in tips if one is not None]
    if folder is None:
        for one in signed:
            print(one.line())
    else:
        append_checkpoints(folder, signed, time.gmtime(now / 1000))
        print(f"{folder}: {len(signed)} checkpoints added")
    return 0


def _signer(hub: HubConfig) -> Signer:
    folder = hub.data / "secrets"
    if not (folder / "signing.key").exists():
        print(f"gatehouse: {folder}: this hub has no keys yet; start it once", file=sys.stderr)
        sys.exit(2)
    return Signer(load_secrets(folder).signing_key)


@contextmanager
def _reading(hub: HubConfig) -> Iterator[Connection]:
    """One moment of the database, whether a hub runs on it or not."""
    where = database_of(hub)
    engine = postgres.reading(where) if isinstance(where, URL) else sqlite.reading(where)
    try:
        if isinstance(where, URL):
            postgres.wait_for(engine)
        if not is_current(where):
            print("gatehouse: this database is none, or of another version", file=sys.stderr)
            sys.exit(2)
        with engine.connect() as connection, connection.begin():
            yield connection
    finally:
        engine.dispose()


def _line(found: Verdict) -> str:
    held = f"{found.entries} entries, {found.checkpoints} checkpoints"
    if found.fault is None:
        return f"{found.chain}: whole ({held})"
    return f"{found.chain}: NOT WHOLE: {_told(found.fault)} ({held} held before)"


def _told(fault: Fault) -> str:
    entry = f"entry {fault.id} (number {fault.number})"
    return {
        Wrong.CHANGED: f"{entry} was changed",
        Wrong.BROKEN: f"before {entry} something was removed, moved, put in or changed",
        Wrong.REWRITTEN: f"written anew: the first wrong entry comes after {fault.since}, and"
        f" {entry} is not the one that was signed",
        Wrong.TRUNCATED: f"the end is missing, from number {fault.number} on",
        Wrong.ANCHOR: f"what is said to be removed up to entry {fault.id} was not signed",
        Wrong.CHECKPOINT: f"the checkpoint at {entry} was not signed by this hub",
    }[fault.wrong]

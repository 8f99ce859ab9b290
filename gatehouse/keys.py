"""`gatehouse keys rotate`: a new key, and what was made with the old one with it."""

import getpass
import sys
import time
from collections.abc import Callable
from pathlib import Path

from gatehouse.logs import log_to_stderr
from gatehouse.resources import shipped
from hub.access.audit import Act
from hub.config import HubConfig, load_hub
from hub.store import Store, open_store
from hub.store.address import database_of
from hub.store.people.trail import append_act
from hub.store.rekeying.files import (
    HASH_KEY,
    SEALING_KEY,
    KeysInUseError,
    begin,
    finish,
    keys_held,
)
from hub.store.rekeying.resealing import Resealing
from hub.store.rekeying.rotating import Rotation
from hub.store.seal import Seal

Work = Callable[[HubConfig, Store, Seal, Seal], str]
"""Takes everything from the first seal to the second; what is said at the end."""

_BACKUPS = """\
Backups from before hold the old key: make a new one, and remove those."""


def rotate_hash(config: Path) -> int:
    """Do it, with the hub stopped; again after a crash goes on. The exit status."""

    def work(_: HubConfig, store: Store, now: Seal, after: Seal) -> str:
        found = Rotation(store.writer, now, after, _say).run()
        return f"the hash key is new; {found} hashes were linked again"

    return _rotate(config, HASH_KEY, work)


def rotate_sealing(config: Path) -> int:
    """The same for what is under seal."""

    def work(hub: HubConfig, store: Store, now: Seal, after: Seal) -> str:
        one = Resealing(store.writer, now, after, hub.data / "exports", _say)
        one.run()
        if one.lost:
            _say(f"{one.lost} values open with neither key, and are left as they are")
        return f"the sealing key is new; {one.done} values were sealed again"

    return _rotate(config, SEALING_KEY, work)


def _rotate(config: Path, name: str, work: Work) -> int:
    log_to_stderr()
    hub = load_hub(config, shipped=shipped("configs"))
    folder = hub.data / "secrets"
    try:
        with keys_held(folder, alone=True):
            now, after = begin(folder, name)
            store = open_store(database_of(hub))
            try:
                done = work(hub, store, Seal(now), Seal(after))
                _put_on_record(store, name)
            finally:
                store.close()
            finish(folder, name)
    except KeysInUseError as error:
        print(f"gatehouse: {error}", file=sys.stderr)
        return 2
    _say(_BACKUPS)
    print(f"{folder}: {done}")
    return 0


def _put_on_record(store: Store, name: str) -> None:
    act = Act(time.time_ns() // 1_000_000, f"shell:{getpass.getuser()}"[:64], "keys.rotate", name)
    with store.writer.connect() as connection, connection.begin():
        append_act(connection, act)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)

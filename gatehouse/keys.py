"""`gatehouse keys rotate hash`: a new key, and every hash with it."""

import sys
from pathlib import Path

from gatehouse.logs import log_to_stderr
from gatehouse.resources import shipped
from hub.config import load_hub
from hub.store import open_store
from hub.store.address import database_of
from hub.store.rekeying.files import KeysInUseError, begin, finish, keys_held
from hub.store.rekeying.rotating import Rotation
from hub.store.seal import Seal


def rotate_hash(config: Path) -> int:
    """Do it, with the hub stopped; again after a crash goes on. The exit status."""
    log_to_stderr()
    hub = load_hub(config, shipped=shipped("configs"))
    folder = hub.data / "secrets"
    try:
        with keys_held(folder, alone=True):
            now, after = begin(folder)
            store = open_store(database_of(hub))
            try:
                found = Rotation(store.writer, Seal(now), Seal(after), _say).run()
            finally:
                store.close()
            finish(folder)
    except KeysInUseError as error:
        print(f"gatehouse: {error}", file=sys.stderr)
        return 2
    print(f"{folder}: the hash key is new; {found} hashes were linked again")
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)

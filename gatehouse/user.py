"""`gatehouse user`: what somebody at the server can do for an account when nobody else can."""

import getpass
import sys
import time
from pathlib import Path

from sqlalchemy import Connection

from gatehouse.logs import log_to_stderr
from gatehouse.resources import shipped
from hub.access.roles import ALL_SITES, Actor
from hub.api.factors import take_factor
from hub.config import Role, load_hub
from hub.errors import ConfigError, NotFoundError
from hub.pipeline import Priority, Writer
from hub.store import open_store
from hub.store.address import database_of
from hub.store.upgrade import is_current


def reset_factor(path: Path, name: str) -> int:
    """Ask for somebody's code no more until they set one up anew; beside the hub, running or not.

    On record as whoever it is on this machine. Their sessions end, and open streams within seconds.
    The exit status. Raises ConfigError.
    """
    log_to_stderr()
    config = load_hub(path, shipped=shipped("configs"))
    where = database_of(config)
    if not is_current(where):
        raise ConfigError(config.source, "data", "holds no database of this version; start the hub")
    by = Actor(f"shell:{getpass.getuser()}"[:64], Role.ADMIN, frozenset({ALL_SITES}))
    now = time.time_ns() // 1_000_000

    def work(connection: Connection) -> None:
        take_factor(connection, name, by=by, now=now)

    store = open_store(where, alone=False)
    try:
        with Writer(store.writer) as writer:
            writer.submit(Priority.EVENT, work).result()
    except NotFoundError as error:
        print(f"gatehouse: {error}", file=sys.stderr)
        return 2
    finally:
        store.close()
    print(f"{name}: no second factor any more; the password stays as it is")
    return 0

"""`gatehouse backup` and `gatehouse restore`."""

import os
import sys
import time
from pathlib import Path
from typing import Final

from gatehouse import __version__
from gatehouse.logs import log_to_stderr
from gatehouse.resources import shipped
from hub import backup as backups
from hub.config import HubConfig, load_hub
from hub.config.password import read_password
from hub.evidence import EvidenceFiles
from hub.store import open_store
from hub.store.address import database_of
from hub.store.keeping.erased import FILE, erase_again, read_erased
from hub.store.seal import Seal
from hub.store.secrets import load_secrets

PASSPHRASE_VARIABLE: Final = "GATEHOUSE_BACKUP_PASSPHRASE"  # noqa: S105 - the name of one, not one

_OPEN_KEYS: Final = """\
WARNING: the hub's keys lie in this backup unsealed (mode 0600). Who holds it can read card numbers
and plates and sign commands to doors. Give --passphrase-file to seal them."""


def backup(target: Path, config: Path, passphrase_file: Path | None) -> None:
    """Make it, and say how far it is on the standard error stream."""
    log_to_stderr()
    passphrase = _passphrase(passphrase_file)
    hub = load_hub(config, shipped=shipped("configs"))
    backups.make(hub, target, passphrase=passphrase, version=__version__, progress=_say)
    if passphrase is None:
        _say(_OPEN_KEYS)
    print(f"{target}: complete")


def restore(source: Path, config: Path, passphrase_file: Path | None) -> None:
    """Bring it back; the configuration in it is left where it is, for people to compare."""
    log_to_stderr()
    hub = load_hub(config, shipped=shipped("configs"))
    backups.restore(hub, source, passphrase=_passphrase(passphrase_file), progress=_say)
    _forget_again(hub)
    print(f"{source}: restored; start the hub: agents send again what it has not acknowledged")


def _forget_again(hub: HubConfig) -> None:
    """Who was erased after the backup was made is erased again, before the hub runs."""
    folder = hub.audit.checkpoints or hub.data / "audit"
    listed = read_erased(folder)
    if listed is None:
        _say(f"{folder / FILE}: no list of erasures; who was erased since the backup is back in it")
        return
    store = open_store(database_of(hub))
    try:
        remove = EvidenceFiles(hub.data / "evidence").remove
        seal = Seal(load_secrets(hub.data / "secrets"))
        now = time.time_ns() // 1_000_000
        done = erase_again(store.writer, seal, listed, remove=remove, now=now)
    finally:
        store.close()
    _say(f"erased again, as the list says: {done} of {len(listed)}")


def _passphrase(file: Path | None) -> str | None:
    return os.environ.get(PASSPHRASE_VARIABLE) or None if file is None else read_password(file)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)

"""`gatehouse backup` and `gatehouse restore`."""

import os
import sys
from pathlib import Path
from typing import Final

from gatehouse import __version__
from gatehouse.logs import log_to_stderr
from gatehouse.resources import shipped
from hub import backup as backups
from hub.config import load_hub
from hub.config.password import read_password

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
    print(f"{source}: restored; start the hub: agents send again what it has not acknowledged")


def _passphrase(file: Path | None) -> str | None:
    return os.environ.get(PASSPHRASE_VARIABLE) or None if file is None else read_password(file)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)

"""Brings a hub back from a backup, to where there is none."""

import os
from pathlib import Path
from typing import Any

import structlog

from hub.backup.archive import BackupError, Progress, copy_durably, opened, verify
from hub.backup.dumping import load, occupied
from hub.backup.making import EVIDENCE, OWN, PLANS, SEALED, SECRETS
from hub.backup.sealing import unseal
from hub.config import HubConfig
from hub.store.address import database_of

log = structlog.get_logger(__name__)


def restore(
    config: HubConfig, source: Path, *, passphrase: str | None, progress: Progress
) -> dict[str, Any]:
    """Restore database, evidence and keys to where this configuration keeps them; the manifest.

    Everything is verified before anything is written, and the database comes last: a restore that
    was cut off can be run again. Raises BackupError where a database or other keys are already:
    a live hub is never overwritten.
    """
    where = database_of(config)
    if not source.exists():
        raise BackupError(f"{source}: there is no backup")
    if occupied(where):
        raise BackupError("there is a hub's database already, and it is not overwritten")
    with opened(source, config.data) as (folder, manifest):
        verify(folder, manifest, progress)
        keys = _keys(folder, manifest, passphrase)
        for name, text in keys.items():
            _check_key(config.data / SECRETS / name, text)
        _evidence(folder, manifest, config.data, progress)
        _own(folder, manifest, config.own_folder)
        for name in (one for one in manifest["files"] if one.startswith(f"{PLANS}/")):
            copy_durably(folder / name, config.data / name)
        for name, text in keys.items():
            _write_key(config.data / SECRETS / name, text)
        load(where, folder, manifest["database"], progress)
    log.info("backup.restored", made_at=manifest["made_at"])
    return manifest


def _keys(folder: Path, manifest: dict[str, Any], passphrase: str | None) -> dict[str, str]:
    if not manifest["sealed"]:
        found = sorted(name for name in manifest["files"] if name.startswith(f"{SECRETS}/"))
        return {Path(name).name: (folder / name).read_text(encoding="ascii") for name in found}
    if passphrase is None:
        raise BackupError("this backup's keys are sealed; give its passphrase")
    return unseal((folder / SEALED).read_bytes(), passphrase)


def _check_key(path: Path, text: str) -> None:
    if path.exists() and path.read_text(encoding="ascii") != text:
        raise BackupError(f"{path}: there is another key already, and it is not overwritten")


def _write_key(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _evidence(folder: Path, manifest: dict[str, Any], data: Path, progress: Progress) -> None:
    names = [name for name in manifest["files"] if name.startswith(f"{EVIDENCE}/")]
    for number, name in enumerate(names, 1):
        copy_durably(folder / name, data / name)
        if number % 500 == 0 or number == len(names):
            progress(f"evidence: {number} of {len(names)} files")


def _own(folder: Path, manifest: dict[str, Any], own: Path) -> None:
    """Own copies; one that is there already was put there by somebody, and stays."""
    names = [name for name in manifest["files"] if name.startswith(f"{OWN}/")]
    for name in names:
        target = own / name.removeprefix(f"{OWN}/")
        if not target.exists():
            copy_durably(folder / name, target)

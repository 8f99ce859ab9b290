"""Makes a backup of a hub that may be running: database, evidence, keys and configuration."""

import time
from pathlib import Path
from typing import Any, Final

import structlog

from hub.backup.archive import Archive, Progress, new
from hub.backup.dumping import dump
from hub.backup.sealing import seal
from hub.config import HubConfig
from hub.store.address import database_of
from hub.store.rekeying.files import keys_held
from hub.store.secrets import check_whole

log = structlog.get_logger(__name__)

SECRETS: Final = "secrets"
SEALED: Final = "secrets.sealed"
EVIDENCE: Final = "evidence"
OWN: Final = "own"
PLANS: Final = "plans"

KEPT: Final = ("*.key", "pki-*.crt", "pki-*.json")
"""Of the folder of secrets: the hub's keys, and its certificate authority with all it gave out."""


def make(
    config: HubConfig, target: Path, *, passphrase: str | None, version: str, progress: Progress
) -> None:
    """Back up everything that the hub of this configuration keeps.

    The database comes first: evidence that it names is there before it is written down. Raises
    BackupError and ConfigError, KeysInUseError and WeakSecretError while a key is renewed; nothing
    is left at `target` then.
    """
    where = database_of(config)
    with keys_held(config.data / SECRETS, alone=False), new(target) as archive:
        check_whole(config.data / SECRETS)
        about: dict[str, Any] = {
            "made_at": time.time_ns() // 1_000_000,
            "version": version,
            "sealed": passphrase is not None,
            "database": dump(where, archive, progress),
        }
        about["evidence"] = _evidence(config.data / EVIDENCE, archive, progress)
        _secrets(config.data / SECRETS, archive, passphrase)
        for path in sorted((config.data / PLANS).glob("*.toml")):
            archive.add(f"{PLANS}/{path.name}", path)
        _configs(config, archive)
        _own(config.own_folder, archive)
        progress("hashing")
        archive.finish(about)
    log.info("backup.made", evidence=about["evidence"], sealed=about["sealed"])


def _evidence(folder: Path, archive: Archive, progress: Progress) -> int:
    """Whole files alone; one that is removed meanwhile was kept long enough."""
    taken = 0
    for path in sorted(folder.glob("*/*/*")):
        if path.suffix or not path.is_file():
            continue
        taken += archive.add(f"{EVIDENCE}/{path.relative_to(folder).as_posix()}", path)
        if taken % 500 == 0:
            progress(f"evidence: {taken} files")
    progress(f"evidence: {taken} files")
    return taken


def _secrets(folder: Path, archive: Archive, passphrase: str | None) -> None:
    keys = sorted(path for form in KEPT for path in folder.glob(form))
    if passphrase is None:
        for path in keys:
            archive.add(f"{SECRETS}/{path.name}", path)
        return
    texts = {path.name: path.read_text(encoding="ascii") for path in keys}
    archive.place(SEALED).write_bytes(seal(texts, passphrase))


def _configs(config: HubConfig, archive: Archive) -> None:
    """What people wrote; passwords stand in files of their own, which are not taken along."""
    if config.source.is_file():
        archive.add("configs/hub.toml", config.source)
    for site in config.sites:
        archive.add(f"configs/sites/{site.name}", site)
        plan = site.with_name(f"{site.stem}.plan.toml")
        if plan.is_file():
            archive.add(f"configs/sites/{plan.name}", plan)
    for name in ("rules", "alarms", "cases", "org"):
        place: Path = getattr(config, name)
        files = sorted(place.rglob("*.toml")) if place.is_dir() else [place]
        base = place if place.is_dir() else place.parent
        for path in files:
            archive.add(f"configs/{name}/{path.relative_to(base).as_posix()}", path)


def _own(folder: Path, archive: Archive) -> None:
    """Own copies with their history, but for addresses: those are secrets."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not path.name.startswith(".") and "channels" not in name.as_posix():
            archive.add(f"{OWN}/{name.as_posix()}", path)

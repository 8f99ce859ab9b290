"""Copies a hub whole while it runs, and brings it back where there is none."""

from hub.backup.archive import BackupError
from hub.backup.making import make
from hub.backup.restoring import restore

__all__ = ["BackupError", "make", "restore"]

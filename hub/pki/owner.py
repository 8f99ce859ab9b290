"""Who owns what a command wrote: run by root, it leaves its files to the hub's user."""

import os
from pathlib import Path


def hand_over(path: Path) -> None:
    """To whoever owns the folder that it stands in; nothing for anybody but root."""
    if os.geteuid() == 0:
        folder = path.parent.stat()
        os.chown(path, folder.st_uid, folder.st_gid)


def private_folder(path: Path) -> None:
    """Make a folder that is missing, for the owner of the one that it stands in alone."""
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
        hand_over(path)

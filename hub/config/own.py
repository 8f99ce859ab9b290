"""The estate's own copies of configuration files, which the console writes (decision 10).

A copy has the name of the file in whose place it is read: `alarms/door-forced.toml`. A file that
is not there does not come into being by a copy of that name.
"""

from pathlib import Path
from typing import Final

CHANNELS: Final = "channels.toml"
HISTORY: Final = "history"


def in_force(path: Path, own: Path | None) -> Path:
    """The estate's own copy of a file, where there is one, else the file itself.

    own: the folder in which the copy would lie.
    """
    copy = None if own is None else own / path.name
    return copy if copy is not None and copy.is_file() else path

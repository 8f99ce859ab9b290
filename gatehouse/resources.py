"""Where the shipped configuration lies: in the wheel, or in a checkout beside this package."""

from pathlib import Path

_HERE = Path(__file__).parent


def shipped(folder: str) -> Path:
    """The folder `configs` or `models` that ships with Gatehouse.

    Raises FileNotFoundError when the installation lacks it.
    """
    for place in (_HERE / folder, _HERE.parent / folder):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"{folder}/ is missing from this installation of Gatehouse")

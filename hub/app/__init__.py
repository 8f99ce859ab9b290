"""The hub as a whole: the one place that names concrete parts and puts them together."""

from hub.app.composition import Hub, open_hub
from hub.app.main import check, run

__all__ = ["Hub", "check", "open_hub", "run"]

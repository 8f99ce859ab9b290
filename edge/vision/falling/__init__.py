"""The front end for things that fall from buildings: luma pictures in, tracks out."""

from edge.vision.falling.frontend import FallingFrontEnd
from edge.vision.falling.settings import Settings

__all__ = ["FallingFrontEnd", "Settings"]

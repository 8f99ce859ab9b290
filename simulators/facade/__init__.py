"""Rendered facades with what falls past them and what only looks so; seeded, with ground truth."""

from simulators.facade.scene import Clip, Fall, Frame, Scene, render
from simulators.facade.suite import Case, negatives, sweep

__all__ = ["Case", "Clip", "Fall", "Frame", "Scene", "negatives", "render", "sweep"]

"""Device kinds as data: one module here, one kind. Adding a kind is adding a file with a `KIND`."""

from wire.kinds.base import ActionSpec, Kind, SignalSpec, SignalType
from wire.kinds.registry import load

__all__ = ["ActionSpec", "Kind", "SignalSpec", "SignalType", "load"]

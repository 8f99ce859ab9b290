"""Finds the kinds of this folder. A broken one stops the start: nothing is caught here."""

import importlib
import pkgutil
from functools import cache

import wire.kinds
from wire.kinds.base import Kind

_NOT_KINDS = {"base", "camera", "elevator", "registry"}


@cache
def load() -> dict[str, Kind]:
    """All kinds by id."""
    modules = [
        importlib.import_module(f"wire.kinds.{found.name}")
        for found in pkgutil.iter_modules(wire.kinds.__path__)
        if found.name not in _NOT_KINDS
    ]
    return {module.KIND.id: module.KIND for module in modules}

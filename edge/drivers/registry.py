"""Finds the drivers of this folder. A broken one stops the start: nothing is caught here."""

import importlib
import pkgutil
from functools import cache

import edge.drivers
from edge.drivers.base import DriverType

_NOT_DRIVERS = {"base", "camera_settings", "cameras", "http_controllers", "registry"}


@cache
def load() -> dict[str, DriverType]:
    """All drivers by id: every module, or package, of this folder that has a `DRIVER`."""
    modules = [
        importlib.import_module(f"edge.drivers.{found.name}")
        for found in pkgutil.iter_modules(edge.drivers.__path__)
        if found.name not in _NOT_DRIVERS
    ]
    return {module.DRIVER.id: module.DRIVER for module in modules}

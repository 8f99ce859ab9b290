"""Finds the decoders of their folder. A broken one stops the start: nothing is caught here."""

import importlib
import pkgutil
from functools import cache

import hub.vision.decoders
from hub.vision.decoding import Decoder


@cache
def load() -> dict[str, Decoder]:
    """All decoders by id."""
    modules = [
        importlib.import_module(f"hub.vision.decoders.{found.name}")
        for found in pkgutil.iter_modules(hub.vision.decoders.__path__)
    ]
    return {module.DECODER.id: module.DECODER for module in modules}

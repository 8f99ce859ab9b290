"""Finds the rules of this folder. A broken one stops the start: nothing is caught here."""

import importlib
import pkgutil
from functools import cache
from typing import Any

import hub.rules
from hub.rules.spec import RuleSpec

_NOT_RULES = {
    "bind",
    "contract",
    "doorway",
    "drawn",
    "ebike_car",
    "ebike_frames",
    "ebike_session",
    "ebike_settings",
    "ebike_state",
    "facade",
    "falling",
    "head",
    "opening",
    "registry",
    "spec",
    "spell",
    "state",
    "timed",
}


@cache
def load() -> dict[str, RuleSpec[Any, Any]]:
    """All rules by id."""
    modules = [
        importlib.import_module(f"hub.rules.{found.name}")
        for found in pkgutil.iter_modules(hub.rules.__path__)
        if found.name not in _NOT_RULES
    ]
    return {module.RULE.id: module.RULE for module in modules}

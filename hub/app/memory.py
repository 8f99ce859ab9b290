"""Python's search for garbage in cycles, set for a process that serves for months.

What the start has made (modules, tables, routes: some 230,000 objects) stays until the end, and
nothing of it is worth being looked at again. What messages leave behind holds no cycles: the
search costs more, the more of them wait, and finds nothing. It goes on, but seldom.
"""

import gc
from typing import Final

YOUNG: Final = 50_000
"""Objects made and not yet freed between two searches; Python's own figure is 700."""

MIDDLE: Final = 20
OLD: Final = 50


def settle() -> None:
    """Once, when all is made and before the first message counts."""
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)

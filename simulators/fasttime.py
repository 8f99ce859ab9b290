"""An event loop whose time passes as fast as its work is done: nobody waits for a clock.

Whatever sleeps is woken in the right order, at exactly the time that it asked for. Only for work
that speaks to nothing outside: a socket would answer in real time.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class FastLoop(asyncio.SelectorEventLoop):
    """`time` begins at 0; s."""

    def __init__(self) -> None:
        self._passed_s = 0.0
        super().__init__(_NoWaiting(self))

    def time(self) -> float:
        """The loop's own time."""
        return self._passed_s

    def skip(self, seconds: float) -> None:
        """Let time pass: nothing is left to do before then."""
        self._passed_s += seconds


class _NoWaiting(selectors.DefaultSelector):
    def __init__(self, loop: FastLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Look, and instead of waiting let the loop's time pass."""
        ready = super().select(0)
        if not ready and timeout:
            self._loop.skip(timeout)
        return ready


def run_fast(work: Coroutine[Any, Any, T]) -> T:
    """`asyncio.run`, in the loop's own time."""
    with asyncio.Runner(loop_factory=FastLoop) as runner:
        return runner.run(work)

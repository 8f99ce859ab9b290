"""Real processes without the seconds of their imports: forked from one that has imported all.

A kill test starts a hub dozens of times. Each child here is a process of its own that runs
`gatehouse` from its command line on, dies by SIGKILL as any other, and shares nothing with its
parent but code that was loaded. That a start from nothing is quick too is measured elsewhere.
"""

import gc
import importlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from simulators.processes import Spawn

PRELOADED = ("gatehouse.cli", "gatehouse.resources", "hub.app", "edge.app")
_ROOT = Path(__file__).parents[2]
_POLL_S = 0.005


class Nursery:
    """A context manager; `spawn` is a `simulators.processes.Spawn`."""

    def __enter__(self) -> Self:
        self._lock = threading.Lock()
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            cwd=_ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._parent.stdin.close()
        self._parent.stdout.close()
        self._parent.wait(30)

    def spawn(self, arguments: Sequence[str], log: Path) -> "Forked":
        return self.spawn_off(0.0)(arguments, log)

    def spawn_off(self, clock_s: float) -> Spawn:
        """A spawn of processes whose wall clock is off by this much; monotonic clocks are right."""

        def spawn(arguments: Sequence[str], log: Path) -> "Forked":
            order = {"arguments": list(arguments), "log": str(log), "clock_s": clock_s}
            return Forked(self, self.ask(**order))

        return spawn

    def ask(self, **order: Any) -> Any:
        with self._lock:
            self._parent.stdin.write(json.dumps(order) + "\n")
            self._parent.stdin.flush()
            return json.loads(self._parent.stdout.readline())


class Forked:
    """One child: what `subprocess.Popen` offers of it, as far as it is needed."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self.pid = pid
        self._nursery = nursery
        self._code: int | None = None

    def poll(self) -> int | None:
        if self._code is None:
            self._code = self._nursery.ask(poll=self.pid)
        return self._code

    def wait(self, timeout: float | None = None) -> int:
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(f"pid {self.pid}", timeout or 0.0)
            time.sleep(_POLL_S)
        return code

    def send_signal(self, sig: int) -> None:
        if self.poll() is None:  # so its number still is its own
            os.kill(self.pid, sig)

    def kill(self) -> None:
        self.send_signal(9)


def main() -> None:
    """Take orders, one line each: start a child, or tell the exit code of one."""
    for name in PRELOADED:
        importlib.import_module(name)
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        answer = _code(order["poll"]) if "poll" in order else _fork(order)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _code(pid: int) -> int | None:
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _fork(order: dict[str, Any]) -> int:
    pid = os.fork()
    if pid == 0:
        _live(order)
    return pid


def _live(order: dict[str, Any]) -> None:
    """The child's whole life."""
    sink = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for descriptor, source in ((0, os.open(os.devnull, os.O_RDONLY)), (1, sink), (2, sink)):
        os.dup2(source, descriptor)
    _set_clock(order["clock_s"])
    sys.argv = ["gatehouse", *order["arguments"]]
    code = 0
    try:
        importlib.import_module("gatehouse.cli").main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # noqa: BLE001 - the process's edge: told as an interpreter would
        sys.excepthook(*sys.exc_info())
        code = 1
    finally:
        sys.stdout.flush()
        os._exit(code)


def _set_clock(off_s: float) -> None:
    """As if the machine's wall clock had been wrong when it started."""
    seconds, nanoseconds = time.time, time.time_ns
    if off_s:
        time.time = lambda: seconds() + off_s
        time.time_ns = lambda: nanoseconds() + round(off_s * 1e9)


if __name__ == "__main__":
    main()

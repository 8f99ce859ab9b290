"""One child process from its start to its end: orders in, answers out, each within a time limit."""

import contextlib
import os
import selectors
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from hub.vision.pipe import MAX_LINE, Message, PipeError, parse

_ROOT: Final = Path(__file__).parents[2]
_PASSED_ON: Final = ("PATH", "LD_LIBRARY_PATH", "HOME", "TMPDIR", "LANG", "VIRTUAL_ENV")
_CHUNK: Final = 1 << 16


class EndedError(Exception):
    """The child is gone: it crashed, was killed, or hung and was killed here. Text: which."""


class Process:
    """A running child. Use from one thread at a time."""

    def __init__(self) -> None:
        self._popen = subprocess.Popen(
            [sys.executable, "-m", "hub.vision.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env=environment(),
            bufsize=0,
            start_new_session=True,
        )
        if self._popen.stdin is None or self._popen.stdout is None:
            raise EndedError("it has no pipes")
        self._stdin, self._stdout = self._popen.stdin, self._popen.stdout
        os.set_blocking(self._stdin.fileno(), False)
        os.set_blocking(self._stdout.fileno(), False)

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._popen.pid

    def ask(self, order: bytes, timeout_s: float) -> Message:
        """Send an order and wait for its answer. Raises EndedError; the child is then dead."""
        try:
            return self._exchange(order, time.monotonic() + timeout_s)
        except TimeoutError:
            self.close()
            raise EndedError(f"it gave no answer within {timeout_s:g} s") from None
        except (PipeError, BrokenPipeError) as error:
            code = self._wait()
            self.close()
            raise EndedError(_how(code) if code is not None else str(error)) from None

    def close(self) -> None:
        """Kill the child and take its remains away; harmless when repeated."""
        with contextlib.suppress(ProcessLookupError):
            self._popen.kill()
        for pipe in (self._stdin, self._stdout):
            with contextlib.suppress(OSError):
                pipe.close()
        self._popen.wait()

    def _exchange(self, order: bytes, deadline: float) -> Message:
        left, answer = memoryview(order), bytearray()
        with selectors.DefaultSelector() as ready:
            ready.register(self._stdout, selectors.EVENT_READ)
            ready.register(self._stdin, selectors.EVENT_WRITE)
            while True:
                pause = deadline - time.monotonic()
                if pause <= 0:
                    raise TimeoutError
                for key, _ in ready.select(pause):
                    if key.fileobj is self._stdin:
                        left = left[os.write(self._stdin.fileno(), left[:_CHUNK]) :]
                        if not left:
                            ready.unregister(self._stdin)
                    elif (line := self._more(answer)) is not None:
                        return parse(line)

    def _more(self, answer: bytearray) -> bytes | None:
        chunk = os.read(self._stdout.fileno(), _CHUNK)
        if not chunk:
            raise PipeError("it closed its pipe")
        answer += chunk
        if len(answer) > MAX_LINE:
            raise PipeError("it said too much")
        return bytes(answer) if answer.endswith(b"\n") else None

    def _wait(self) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._popen.wait(timeout=1)
        return None


def _how(code: int) -> str:
    return f"it was ended by signal {-code}" if code < 0 else f"it ended with code {code}"


def environment() -> dict[str, str]:
    """Little of the hub's own, and a path on which the child finds this package."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(paths),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "1",  # an arena a thread would eat address space, which is limited
    }

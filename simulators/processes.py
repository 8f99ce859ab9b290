"""A real `gatehouse hub` or `gatehouse edge` as a child process, to start, kill and start again."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Protocol, Self

from simulators.errors import SimulatorError

READY_WITHIN_S = 60.0
"""Generous: a start imports everything, and a busy machine takes its time over that."""

STOP_WITHIN_S = 30.0
_POLL_S = 0.02
_ROOT = Path(__file__).resolve().parents[1]
"""Where the packages lie, in a checkout as in an installation."""

_ADDRESS = re.compile(r"^Gatehouse is ready: (\S+)$", re.MULTILINE)
_KEY = re.compile(r"^Agents pin this hub key: ([0-9a-f]{64})$", re.MULTILINE)
_LOGIN = re.compile(r"^First login: (\S+) / (\S+) ", re.MULTILINE)


class Child(Protocol):
    """A child process, as `subprocess.Popen` is one."""

    pid: int

    def poll(self) -> int | None:
        """Its exit code, None while it lives."""

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has one. Raises subprocess.TimeoutExpired."""

    def send_signal(self, sig: int) -> None:
        """Send it a signal; one that has ended takes none."""

    def kill(self) -> None:
        """Send it SIGKILL."""


Spawn = Callable[[Sequence[str], Path], Child]
"""Starts `gatehouse` with these arguments; what it prints is appended to a file."""


def spawn(arguments: Sequence[str], log: Path) -> Child:
    """As a command of its own, with this interpreter."""
    with log.open("ab") as sink:
        return subprocess.Popen(  # noqa: S603 - this interpreter, our own command
            [sys.executable, "-m", "gatehouse.cli", *arguments],
            cwd=_ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdout=sink,
            stderr=sink,
        )


class GatehouseProcess:
    """One part of Gatehouse on one configuration file; a context manager that starts and stops it.

    What it prints goes to `<configuration>.log`, all its lives one after another.
    spawn: how it is started.
    """

    part: ClassVar[str]

    def __init__(self, config: Path, *, spawn: Spawn = spawn) -> None:
        self.log = config.with_suffix(".log")
        self._config = config
        self._spawn = spawn
        self._process: Child | None = None
        self._born = 0

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process's id. Raises SimulatorError when there is none."""
        if self._process is None:
            raise SimulatorError(f"gatehouse {self.part} does not run")
        return self._process.pid

    def start(self) -> None:
        """Start it, and return at once. Raises SimulatorError when it runs already."""
        if self.running:
            raise SimulatorError(f"gatehouse {self.part} runs already")
        self.log.touch()
        self._born = self.log.stat().st_size
        self._process = self._spawn([self.part, "--config", str(self._config)], self.log)

    def wait_ready(self, within_s: float = READY_WITHIN_S) -> None:
        """Return once it serves. Raises SimulatorError when it ends first, or takes too long."""
        deadline = time.monotonic() + within_s
        while not self._serves():
            if not self.running or time.monotonic() > deadline:
                raise SimulatorError(f"gatehouse {self.part} did not start: {self.said()[-800:]}")
            time.sleep(_POLL_S)

    def said(self) -> str:
        """What this life of it has printed so far."""
        with self.log.open("rb") as log:
            log.seek(self._born)
            return log.read().decode(errors="replace")

    def kill(self) -> None:
        """End it at once (SIGKILL)."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """End it in order (SIGTERM); its exit code. One that does not end is killed: -9."""
        return self._end(signal.SIGTERM)

    def __enter__(self) -> Self:
        self.start()
        try:
            self.wait_ready()
        except SimulatorError:
            self.kill()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _serves(self) -> bool:
        raise NotImplementedError

    def _end(self, how: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        process.send_signal(how)
        try:
            return process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


class HubProcess(GatehouseProcess):
    """`gatehouse hub`.

    login: name and password of the first admin, as shown at the very first start; None before.
    """

    part = "hub"

    def __init__(self, config: Path, *, spawn: Spawn = spawn) -> None:
        super().__init__(config, spawn=spawn)
        self.login: tuple[str, str] | None = None

    @property
    def url(self) -> str:
        """Where it serves. Raises SimulatorError before it does."""
        return self._found(_ADDRESS)

    @property
    def key(self) -> str:
        """The public key that agents pin. Raises SimulatorError before it serves."""
        return self._found(_KEY)

    def _serves(self) -> bool:
        said = self.said()
        shown = _LOGIN.search(said)
        if shown is not None:
            self.login = (shown[1], shown[2])
        return _ADDRESS.search(said) is not None and _KEY.search(said) is not None

    def _found(self, pattern: re.Pattern[str]) -> str:
        found = pattern.search(self.said())
        if found is None:
            raise SimulatorError("the hub has not said that it is ready")
        return found[1]


class EdgeProcess(GatehouseProcess):
    """`gatehouse edge`. port: the one of `[http] listen`; None when it has none.

    One without a port counts as serving as soon as it says that it has started.
    """

    part = "edge"

    def __init__(self, config: Path, *, port: int | None = None, spawn: Spawn = spawn) -> None:
        super().__init__(config, spawn=spawn)
        self._port = port

    def _serves(self) -> bool:
        if self._port is None:
            return "agent.started" in self.said()
        try:
            socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
        except OSError:
            return False
        return True


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

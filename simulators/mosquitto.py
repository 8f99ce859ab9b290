"""A real Mosquitto as a child process, to start, kill and start again: for tests and benchmarks.

It runs at its defaults but for a listener on a port of its own on loopback and anonymous access:
so nothing that it acknowledged survives a SIGKILL, as in many an installation.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from simulators.errors import SimulatorError

HOST = "127.0.0.1"
START_WITHIN_S = 45.0
_POLL_S = 0.02


def find_mosquitto() -> str | None:
    """The path of the installed broker, None where there is none."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    return shutil.which("mosquitto", path=path)


class Mosquitto:
    """One broker on one port; a context manager that starts and stops it.

    folder: an existing folder for its configuration and log.
    options: further lines of its configuration (`persistence true`). listener: those of its
        listener (`certfile …`).

    The port stays the same over restarts. `start` and `restart` return when the broker answers.
    """

    def __init__(
        self, folder: Path, *, options: Sequence[str] = (), listener: Sequence[str] = ()
    ) -> None:
        self.port = _free_port()
        self.log = folder / "mosquitto.log"
        self._configuration = folder / "mosquitto.conf"
        lines = [f"listener {self.port} {HOST}", *listener, "allow_anonymous true", *options]
        self._configuration.write_text("\n".join(lines) + "\n")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where clients reach it: `mqtt://127.0.0.1:<port>`."""
        return f"mqtt://{HOST}:{self.port}"

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it. Raises SimulatorError when it is not installed or does not come up."""
        executable = find_mosquitto()
        if executable is None:
            raise SimulatorError("mosquitto is not installed")
        if self.running:
            raise SimulatorError("mosquitto runs already")
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the broker that is installed
                [executable, "-c", self._configuration], stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_WITHIN_S
        while not self._answers():
            if not self.running or time.monotonic() > deadline:
                self.kill()
                raise SimulatorError(f"mosquitto did not start: {self.log.read_text()[-500:]}")
            time.sleep(_POLL_S)

    def kill(self) -> None:
        """End it at once (SIGKILL), with whatever it holds in memory."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in order (SIGTERM)."""
        self._end(signal.SIGTERM)

    def restart(self) -> None:
        """Start it again on the same port after `kill` or `stop`, or kill it first."""
        self.kill()
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            socket.create_connection((HOST, self.port), timeout=1).close()
        except OSError:
            return False
        return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])

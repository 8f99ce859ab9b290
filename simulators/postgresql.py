"""A real PostgreSQL server as a child process, to start, kill and start again: for tests and bench.

It has a folder, a port on loopback and a drawn password of its own, and goes with its folder.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from simulators.errors import SimulatorError

HOST = "127.0.0.1"
USER = "gatehouse"
START_WITHIN_S = 60.0
_POLL_S = 0.05
_DEBIAN: Final = Path("/usr/lib/postgresql")
_SETTINGS: Final = (
    "unix_socket_directories=",
    "shared_buffers=64MB",
    "max_connections=60",
    "log_min_messages=warning",
    "lc_messages=C",
)


def find_postgresql() -> Path | None:
    """The folder of the installed server's programs, None where there is none."""
    known = sorted(_DEBIAN.glob("*/bin"), key=lambda one: int(one.parent.name.split(".")[0]))
    on_path = shutil.which("postgres")
    places = [*reversed(known), *([Path(on_path).resolve().parent] if on_path else [])]
    return next((one for one in places if (one / "initdb").exists()), None)


class PostgreSQL:
    """One server on one port; a context manager that makes, starts, stops and removes it.

    options: further settings, `name=value`. durable: it waits for the disk as in real life.
    root's server runs as another user, since PostgreSQL refuses root.
    """

    def __init__(self, *, options: Sequence[str] = (), durable: bool = False) -> None:
        programs = find_postgresql()
        if programs is None:
            raise SimulatorError("postgresql is not installed")
        self.port = _free_port()
        self.password = secrets.token_urlsafe(18)
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
        self._data = self._folder / "data"
        self._options = [*_SETTINGS, *([] if durable else ["fsync=off"]), *options]
        self._user = _somebody_else() if os.geteuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def folder(self) -> Path:
        """Where all its files are."""
        return self._folder

    @property
    def log(self) -> str:
        """What the server has said."""
        return (self._folder / "log").read_text(errors="replace")

    def url(self, database: str, *, password: bool = True) -> str:
        """The address of a database."""
        login = f"{USER}:{self.password}" if password else USER
        return f"postgresql+psycopg://{login}@{HOST}:{self.port}/{database}"

    def create(self, database: str, *, template: str = "template0") -> None:
        """Make a database, empty or as a copy of another."""
        more = " ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'" if template == "template0" else ""
        self.sql(f'CREATE DATABASE "{database}" TEMPLATE "{template}"{more}')

    def drop(self, database: str) -> None:
        """Remove a database, whoever is connected."""
        self.sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def sql(self, statement: str, *, database: str = "postgres") -> str:
        """What `psql` answers to a statement, rows as lines. Raises SimulatorError."""
        done = subprocess.run(  # noqa: S603 - the client that is installed
            [self._program("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement],
            env={**os.environ, **self.environment(database)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SimulatorError(f"psql: {done.stderr.strip()}")
        return done.stdout.strip()

    def environment(self, database: str) -> dict[str, str]:
        """What tells libpq where it is, and the password."""
        return {
            "PGHOST": HOST,
            "PGPORT": str(self.port),
            "PGUSER": USER,
            "PGPASSWORD": self.password,
            "PGDATABASE": database,
        }

    def start(self) -> None:
        """Start it; returns when it answers. Raises SimulatorError."""
        deadline = time.monotonic() + START_WITHIN_S
        self._spawn()
        while not self._answers():
            if self._process is None or self._process.poll() is not None:
                # The last life's processes may still hold the memory: they go in a moment.
                self._spawn()
            if time.monotonic() > deadline:
                self.kill()
                raise SimulatorError(f"postgresql did not start: {self.log[-800:]}")
            time.sleep(_POLL_S)

    def kill(self) -> None:
        """End it at once, all its processes (SIGKILL): what is not written is gone."""
        process, self._process = self._process, None
        if process is not None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it in order: SIGINT breaks connections off, SIGQUIT does not even flush."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            process.wait()

    def __enter__(self) -> Self:
        try:
            self._make()
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _make(self) -> None:
        if self._user is not None:
            shutil.chown(self._folder, self._user)
        secret = self._folder / "password"
        secret.write_text(self.password)
        if self._user is not None:
            shutil.chown(secret, self._user)
        command = [
            self._program("initdb"),
            "-D",
            str(self._data),
            "-U",
            USER,
            "-A",
            "scram-sha-256",
        ]
        made = subprocess.run(  # noqa: S603 - the server that is installed
            [*command, f"--pwfile={secret}", "-E", "UTF8", "--locale=C", "--no-sync"],
            user=self._user,
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise SimulatorError(f"initdb: {made.stderr.strip()[-500:]}")

    def _spawn(self) -> None:
        settings = [f"port={self.port}", f"listen_addresses={HOST}", *self._options]
        arguments = [part for one in settings for part in ("-c", one)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the server that is installed
                [self._program("postgres"), "-D", str(self._data), *arguments],
                user=self._user,
                cwd=self._folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _answers(self) -> bool:
        asked = subprocess.run(  # noqa: S603 - the client that is installed
            [self._program("pg_isready"), "-q", "-h", HOST, "-p", str(self.port)], check=False
        )
        return asked.returncode == 0

    def _program(self, name: str) -> str:
        return str(self._programs / name)


def _somebody_else() -> str:
    names = {one.pw_name for one in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])

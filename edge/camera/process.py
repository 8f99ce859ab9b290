"""The agent's end of a camera's child process: started, watched, killed when it hangs."""

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog

from edge.backoff import Backoff
from edge.camera.pipe import MAX_LINE, Message, PipeError, pack, receive
from edge.camera.source import Source

log = structlog.get_logger()

SILENT_S: Final = 12.0
"""A child that says nothing for this long hangs: opening or reading a stream takes half of it."""

STEADY_S: Final = 60.0
_FIRST_S: Final = 0.5
_MOST_S: Final = 30.0
_ROOT: Final = Path(__file__).parents[2]

Heard = Callable[[Message, bytes], None]


class CameraProcess:
    """Keeps one child running.

    heard: takes each message, on the event loop. The messages `lost` (with `why`) also tell of a
    child that crashed or hung.
    """

    def __init__(self, device: str, source: Source, heard: Heard) -> None:
        self.restarts = 0
        self._device = device
        self._source = source
        self._heard = heard
        self._child: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """The child's process id, while there is one."""
        return None if self._child is None else self._child.pid

    async def run(self) -> None:
        """Start the child, and start it again, until cancelled."""
        pause = Backoff(_FIRST_S, _MOST_S)
        while True:
            began = time.monotonic()
            why = await self._serve()
            self.restarts += 1
            log.warning("camera.child_ended", device=self._device, why=why, restarts=self.restarts)
            self._heard({"do": "lost", "why": why}, b"")
            if time.monotonic() - began > STEADY_S:
                pause.reset()
            await asyncio.sleep(pause.next())

    def order(self, message: Message) -> bool:
        """Tell the child something; False when there is none to tell."""
        child = self._child
        if child is None or child.stdin is None or child.returncode is not None:
            return False
        child.stdin.write(pack(message))
        return True

    async def _serve(self) -> str:
        """One child from its start to its end; why it ended."""
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "edge.camera.child",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # FFmpeg's messages repeat the address
            env=_environment(),
            limit=MAX_LINE,
            start_new_session=True,
        )
        self._child = child
        try:
            self.order({"do": "open", "source": self._source.model_dump(mode="json")})
            return await self._listen(child)
        finally:
            self._child = None
            await _end(child)

    async def _listen(self, child: asyncio.subprocess.Process) -> str:
        if child.stdout is None:
            return "no pipe"
        while True:
            try:
                async with asyncio.timeout(SILENT_S):
                    said = await receive(child.stdout)
            except TimeoutError:
                return f"it said nothing for {SILENT_S:g} s"
            except PipeError as error:
                return str(error)
            if said is None:
                code = await child.wait()
                return f"it was ended by signal {-code}" if code < 0 else f"it ended with {code}"
            self._heard(*said)


async def _end(child: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.kill()
    if child.stdin is not None:
        child.stdin.close()
    await child.wait()


def _environment() -> dict[str, str]:
    """The agent's own, with a path on which the child finds this package."""
    known = os.environ.get("PYTHONPATH")
    path = f"{_ROOT}{os.pathsep}{known}" if known else str(_ROOT)
    return {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}

"""Photos that people take, made safe to keep: decoded in a child process, and written anew.

What is kept is a JPEG of our own: upright, no larger than a screen needs, and without what a
telephone hides in a picture (where and when it was taken, by whose device).
"""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hub.vision.picture import Limits, inspect
from hub.vision.process import environment
from hub.vision.result import Refused

MAX_BYTES: Final = 12 * 1024 * 1024
MAX_SIDE: Final = 16_384
MAX_PIXELS: Final = 64_000_000
"""The largest sensors of telephones; a browser sends less, for it makes photos smaller first."""

LIMITS: Final = Limits(MAX_BYTES, MAX_SIDE, MAX_PIXELS)

TIMEOUT_S: Final = 30.0
AT_ONCE: Final = 2
_WAITING: Final = 16
_ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as it is kept: the bytes of a JPEG."""

    content: bytes


class PhotoMaker:
    """One child for each photo; few at once, and few that wait, whatever comes."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._turn = asyncio.Semaphore(at_once)
        self._waiting = 0

    @property
    def busy(self) -> bool:
        """More are waiting than are worth waiting behind."""
        return self._waiting >= _WAITING

    async def make(self, data: bytes, *, stamp: str = "") -> Photo | Refused:
        """The photo, or why it is none. Never raises for what the bytes are.

        stamp: ASCII, drawn all over it, so that a copy says whose it was.
        """
        found = inspect(data, LIMITS)
        if isinstance(found, Refused):
            return found
        self._waiting += 1
        try:
            async with self._turn:
                return await _made(data, stamp)
        finally:
            self._waiting -= 1


async def _made(data: bytes, stamp: str) -> Photo | Refused:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "hub.vision.photo_child",
        stamp,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=_ROOT,
        env=environment(),
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(TIMEOUT_S):
            content, _ = await child.communicate(data)
    except TimeoutError:
        return Refused("poison", f"no picture came of it within {TIMEOUT_S:g} s")
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0 or not content:
        return Refused("truncated", "it cannot be decoded")
    return Photo(content)

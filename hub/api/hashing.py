"""Password hashing off the event loop, a few at a time."""

from typing import Final

import anyio
import anyio.to_thread

from hub.access import passwords

HASHING_AT_ONCE: Final = 2
"""argon2id takes 64 MiB each; more at once would let a flood of logins take the machine."""

MAX_WAITING: Final = 50
"""Logins that may wait their turn; more are told to come back."""


class Hashing:
    """argon2id in threads."""

    def __init__(self) -> None:
        self._limit = anyio.CapacityLimiter(HASHING_AT_ONCE)

    @property
    def busy(self) -> bool:
        """Too many wait already."""
        return self._limit.statistics().tasks_waiting >= MAX_WAITING

    async def prepare(self) -> None:
        """Do beforehand what would make the first check slower than the next."""
        await anyio.to_thread.run_sync(passwords.prepare, limiter=self._limit)

    async def hash(self, password: str) -> str:
        """The encoded hash."""
        return await anyio.to_thread.run_sync(
            passwords.hash_password, password, limiter=self._limit
        )

    async def matches(self, encoded: str | None, password: str) -> bool:
        """Check a password; None stands for a user that does not exist, and takes as long."""
        return await anyio.to_thread.run_sync(
            passwords.password_matches, encoded, password, limiter=self._limit
        )

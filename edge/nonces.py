"""The nonces that an agent gave out, and how old they are."""

import secrets
from collections.abc import Callable

from wire.command import NONCE_TTL_S


class NonceBook:
    """Nonces of the last `NONCE_TTL_S` seconds by the agent's monotonic clock.

    Only in memory: a restart voids them all, and with them every command still on its way.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._drawn: dict[str, float] = {}

    def draw(self) -> str:
        """A fresh nonce: 32 random hex digits."""
        now = self._monotonic()
        self._drawn = {
            nonce: drawn for nonce, drawn in self._drawn.items() if now - drawn <= NONCE_TTL_S
        }
        nonce = secrets.token_hex(16)
        self._drawn[nonce] = now
        return nonce

    def age_s(self, nonce: str) -> float | None:
        """Seconds since it was drawn; None for one that was not drawn here, or too long ago."""
        drawn = self._drawn.get(nonce)
        return None if drawn is None else self._monotonic() - drawn

"""Messages that could not be taken in, set aside with their reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert

from hub.store.schema import dead_letter


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message, or one observation of a message.

    reason: a stable kebab-case code. detail: one line without any signal's value.
    sealed: the beginning of the message, encrypted.
    """

    topic: str
    site: str
    received_at: int
    reason: str
    detail: str
    size: int
    agent: str | None = None
    boot: str | None = None
    lane: str | None = None
    seq: int | None = None
    idx: int | None = None
    device: str | None = None
    sealed: bytes | None = None


def insert_dead_letters(connection: Connection, letters: Sequence[DeadLetter]) -> None:
    """Set messages aside."""
    if letters:
        connection.execute(insert(dead_letter), [_row(letter) for letter in letters])


def _row(letter: DeadLetter) -> dict[str, object]:
    return {name: getattr(letter, name) for name in DeadLetter.__slots__} | {
        "topic": letter.topic[:256],
        "detail": letter.detail[:300],
    }

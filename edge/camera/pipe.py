"""What agent and child say to each other: a JSON line, and raw bytes where it announces them.

Nothing is unpickled: a child that a hostile stream has taken over can say only this.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any, BinaryIO, Final

MAX_LINE: Final = 64 * 1024
MAX_BODY: Final = 4 * 1024 * 1024
BODY: Final = "body"
"""Key of a message: how many raw bytes follow its line."""

Message = dict[str, Any]


class PipeError(Exception):
    """The other end does not keep to the form."""


def pack(message: Message, body: bytes = b"") -> bytes:
    """One message as bytes."""
    if body:
        message = {**message, BODY: len(body)}
    return json.dumps(message, separators=(",", ":")).encode() + b"\n" + body


def read(source: BinaryIO) -> tuple[Message, bytes] | None:
    """The next message of a blocking stream; None at its end. Raises PipeError."""
    line = source.readline(MAX_LINE)
    if not line:
        return None
    message = _parse(line)
    return message, source.read(_length(message))


async def receive(source: asyncio.StreamReader) -> tuple[Message, bytes] | None:
    """The next message of an asyncio stream; None at its end. Raises PipeError."""
    try:
        line = await source.readline()
    except ValueError as error:  # longer than the reader's limit
        raise PipeError("line too long") from error
    if not line:
        return None
    message = _parse(line)
    try:
        return message, await source.readexactly(_length(message))
    except asyncio.IncompleteReadError:
        return None


def _parse(line: bytes) -> Message:
    try:
        message = json.loads(line)
    except ValueError:
        raise PipeError("not a line of JSON") from None
    if not isinstance(message, dict) or not isinstance(message.get("do"), str):
        raise PipeError("not a message")
    return message


def _length(message: Message) -> int:
    length = message.get(BODY, 0)
    if not isinstance(length, int) or not 0 <= length <= MAX_BODY:
        raise PipeError("impossible length")
    return length

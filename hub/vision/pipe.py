"""What detector and child say to each other: a line of JSON, then raw bytes where it says so.

Nothing is unpickled: a child that a hostile picture has taken over can say only this.
"""

import json
from typing import Any, BinaryIO, Final

MAX_LINE: Final = 64 * 1024
BODY: Final = "body"
"""Key of a message: how many raw bytes follow its line."""

Message = dict[str, Any]


class PipeError(Exception):
    """The other end does not keep to the form."""


def pack(message: Message, body: bytes = b"") -> bytes:
    """One message as bytes."""
    line = json.dumps({**message, BODY: len(body)} if body else message, separators=(",", ":"))
    return line.encode() + b"\n" + body


def read(source: BinaryIO) -> tuple[Message, bytes] | None:
    """The next message of a blocking stream; None at its end. Raises PipeError."""
    line = source.readline(MAX_LINE)
    if not line:
        return None
    message = parse(line)
    length = int(message.get(BODY, 0))
    body = source.read(length)
    return None if len(body) < length else (message, body)


def parse(line: bytes) -> Message:
    """A line as a message. Raises PipeError."""
    try:
        message = json.loads(line)
    except ValueError:
        raise PipeError("not a line of JSON") from None
    if not isinstance(message, dict):
        raise PipeError("not an object")
    return message

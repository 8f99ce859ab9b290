"""Server-sent events on the wire (WHATWG HTML, 9.2)."""

from pydantic import BaseModel


def sse(event: str, body: BaseModel, *, position: int | None = None) -> bytes:
    """One event; `position` becomes its id, which browsers send back on reconnecting."""
    lines = [f"event: {event}"]
    if position is not None:
        lines.append(f"id: {position}")
    lines.append(f"data: {body.model_dump_json()}")
    return ("\n".join(lines) + "\n\n").encode()


RETRY = b"retry: 1000\n\n"
"""Tells the browser to reconnect after one second; its own default is several."""

"""A part of a stored piece as a response; its type is the recorded one, never a guess."""

import re
from typing import Final

from starlette.responses import Response, StreamingResponse

from hub.api.models.evidence import Evidence
from hub.errors import NotFoundError
from hub.evidence.port import EvidenceStore

_RANGE: Final = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_SUFFIX: Final = {"video/mp4": "mp4", "image/jpeg": "jpg"}
_POLICY: Final = "default-src 'none'; sandbox"


def content_response(store: EvidenceStore, piece: Evidence, asked: str | None) -> Response:
    """The piece, or the one range of it that is asked for (RFC 9110, 14).

    Raises NotFoundError when it is not here. Blocking: call it in a thread.
    """
    size = None if piece.sha256 is None else store.size(piece.site, piece.sha256)
    if piece.state != "stored" or size is None or piece.sha256 is None:
        raise NotFoundError("content", piece.id)
    kind = piece.content_type if piece.content_type in _SUFFIX else "application/octet-stream"
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": _POLICY,
        "Content-Disposition": f'inline; filename="{piece.id}.{_SUFFIX.get(kind or "", "bin")}"',
    }
    span = (0, size - 1) if asked is None else _span(asked, size)
    if span is None:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
    start, end = span
    headers["Content-Length"] = str(end - start + 1)
    status = 200
    if asked is not None:
        status = 206
        headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    body = store.read(piece.site, piece.sha256, start, end - start + 1)
    return StreamingResponse(body, status, headers, kind)


def _span(asked: str, size: int) -> tuple[int, int] | None:
    """First and last byte; None when the range cannot be satisfied."""
    parts = _RANGE.fullmatch(asked.strip())
    if parts is None or parts.groups() == ("", ""):
        return None
    first, last = parts.groups()
    if not first:
        return (max(0, size - int(last)), size - 1) if int(last) else None
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    return (start, end) if start <= end else None

"""Clips and pictures as the API tells of them."""

from typing import Literal

from hub.api.models.base import Answer
from wire import Text

EvidenceState = Literal["coming", "stored", "failed", "removed"]


class Evidence(Answer):
    """A piece of evidence.

    state: `coming` before its bytes have arrived. from_at, to_at: what it covers, ms.
    sha256: of its bytes, as recorded when it was announced. failed: why there is nothing.
    device: None for a photo, which a person took (`by`).
    kept_until: when its class's time is over; None before it is here, and while an open case
        needs it.
    """

    id: str
    site: str
    device: str | None
    device_name: Text | None
    by: str | None
    kind: Literal["clip", "still", "thumbnail", "picture", "photo"]
    state: EvidenceState
    alert: str | None
    of: str | None
    from_at: int
    to_at: int
    sha256: str | None
    size: int | None
    content_type: str | None
    failed: str | None
    created_at: int
    stored_at: int | None
    kept_until: int | None

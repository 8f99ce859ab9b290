"""Access traces."""

from hub.api.models.base import Answer, At


class Passage(Answer):
    """Somebody passed, or was turned away.

    result: `granted`, `denied`, `exit-button`, `remote-open`.
    subject: a short keyed hash, the same for the same credential.
    credential: masked to its last characters.
    """

    id: str
    device: str
    at: At
    received_at: At
    direction: str | None
    result: str
    reason: str | None
    method: str | None
    subject: str | None
    credential: str | None

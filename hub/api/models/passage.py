"""Access traces."""

from hub.api.models.base import Answer, At


class Passage(Answer):
    """Somebody passed, or was turned away.

    result: `granted`, `denied`, `exit`, `remote`, `manual` (from the booth), `seen` (nobody
        decided).
    subject: a short keyed hash, the same for the same credential or plate.
    credential: masked to its last characters; of a plate, province, letter and the last sign.
    picture: SHA-256, in hex, of the still that was taken.
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
    picture: str | None

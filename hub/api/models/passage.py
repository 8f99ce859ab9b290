"""Access traces."""

from hub.api.models.base import Answer, At
from wire import Text


class Passage(Answer):
    """Somebody passed, or was turned away.

    device_name, place: where. floor: that was called, in an elevator.
    result: `granted`, `denied`, `exit`, `remote`, `manual` (from the booth), `seen` (nobody
        decided), `called` (a floor, without a credential), `forced`, `tailgated`.
    operator: who opened from afar.
    subject: a short keyed hash, the same for the same credential or plate.
    credential: masked to its last characters; of a plate, province, letter and the last sign.
    picture: SHA-256, in hex, of the still that was taken.
    """

    id: str
    device: str
    device_name: Text
    place: Text | None
    at: At
    received_at: At
    direction: str | None
    result: str
    reason: str | None
    method: str | None
    subject: str | None
    credential: str | None
    picture: str | None
    operator: str | None
    floor: int | None

"""How much an outbox may hold, and who goes first when it is full."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from wire import Lane

MEBIBYTE = 1024 * 1024

VICTIMS: Final[Mapping[Lane, tuple[Lane, ...]]] = {
    Lane.LIFE: (Lane.MEDIA, Lane.TELEMETRY),
    Lane.EVENT: (Lane.MEDIA, Lane.TELEMETRY),
    Lane.TELEMETRY: (Lane.MEDIA, Lane.TELEMETRY),
    Lane.MEDIA: (Lane.MEDIA,),
}
"""Whose oldest rows may be dropped to make room for a lane, in this order. Events and life safety
are nobody's victims."""

Mib = Annotated[float, Field(gt=0, le=1024 * 1024)]


class LaneQuota(BaseModel):
    """The most one lane may hold; beyond it the lane's own oldest rows go."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_mib: Mib
    max_rows: Annotated[int, Field(ge=1)]


class Quotas(BaseModel):
    """Bounds of an outbox.

    max_mib: all lanes together. Events and life safety are stored beyond it too, after every
        media and telemetry row has gone; the default holds 7 days of one event per second beside
        a day of telemetry at 10 envelopes per second.
    reserve_mib: disk space kept back beside the database, for the moment when the disk is full.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_mib: Mib = 1024
    reserve_mib: Mib = 4
    telemetry: LaneQuota = LaneQuota(max_mib=384, max_rows=1_000_000)
    media: LaneQuota = LaneQuota(max_mib=256, max_rows=20_000)

    @property
    def max_bytes(self) -> int:
        """`max_mib` in bytes."""
        return int(self.max_mib * MEBIBYTE)

    @property
    def reserve_bytes(self) -> int:
        """`reserve_mib` in bytes."""
        return int(self.reserve_mib * MEBIBYTE)

    def of(self, lane: Lane) -> LaneQuota | None:
        """The lane's own quota; None for lanes from which nothing is dropped."""
        return {Lane.TELEMETRY: self.telemetry, Lane.MEDIA: self.media}.get(lane)

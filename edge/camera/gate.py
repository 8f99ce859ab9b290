"""Which pictures leave the camera for the hub. Pure: what is known goes in, a reason comes out."""

from dataclasses import dataclass
from typing import Final, Literal

Why = Literal["motion", "watch", "sign-of-life"]

MOTION_S: Final = 1 / 3
"""Between pictures while something moves."""

WATCH_S: Final = 0.4
"""Between pictures while the hub holds a watch lease: it is promised two a second at least, and
the pictures to choose from come at the camera's own pace."""

LIFE_S: Final = 30.0
"""Between pictures of a still scene: no picture at all would not prove that nothing is there."""

LIVE_S: Final = 0.2
"""Between pictures of a live view."""


@dataclass(frozen=True, slots=True)
class Gate:
    """When pictures were last sent, and until when somebody looks; seconds of one clock.

    The last three may lie in the past: then nobody does, or nothing was sent yet.
    """

    sent: float = float("-inf")
    shown: float = float("-inf")
    watch_until: float = float("-inf")
    live_until: float = float("-inf")

    def why(self, now: float, *, moving: bool) -> Why | None:
        """Why a picture taken now is sent; None when it is not."""
        waited = now - self.sent
        if moving and waited >= MOTION_S:
            return "motion"
        if now < self.watch_until and waited >= WATCH_S:
            return "watch"
        return "sign-of-life" if waited >= LIFE_S else None

    def shows(self, now: float) -> bool:
        """Whether a picture taken now belongs into the live view."""
        return now < self.live_until and now - self.shown >= LIVE_S

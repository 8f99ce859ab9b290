"""A vehicle barrier's controller: plate camera, list, arm, loop, fire input and a clock of its own.

Speaks docs/protocols/barrier-http.md. Nothing here sleeps or opens a socket: whoever looks after
it calls `tend` often, and it does what is due by then.
"""

import base64
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from simulators.ledger import Ledger
from wire import Clock

Way = Literal["in", "out"]

PATIENCE_S = 25.0
"""How long the arm waits for a vehicle that it was raised for."""

LOWER_AFTER_S = 2.5
"""From the last vehicle's leaving the loop to the arm's coming down."""

_REMEMBERED_COMMANDS = 64


@dataclass(frozen=True, slots=True)
class Reading:
    """What the camera makes of a vehicle. confidence: percent. picture: a JPEG."""

    plate: str | None
    colour: str | None
    confidence: float
    picture: bytes


class BarrierController:
    """One lane.

    put: takes a finished record for delivery. admits: plate -> None, or why it is refused.
    clock_error_s: device clock minus true time.
    record_prefix: what the ids of this controller's records begin with since it was switched on.
    """

    def __init__(
        self,
        device: str,
        *,
        way: Way,
        clock: Clock,
        ledger: Ledger,
        put: Callable[[dict[str, Any]], None],
        admits: Callable[[str], str | None],
        clock_error_s: float = 0.0,
    ) -> None:
        self.device = device
        self.way = way
        self.up = False
        self.broken = False
        self.occupied = False
        self.fire = False
        self._clock = clock
        self._ledger = ledger
        self._put = put
        self._admits = admits
        self._error_ms = round(clock_error_s * 1000)
        self._permits = 0
        self._lower_at = 0.0
        self._held_until: float | None = None
        self.record_prefix = f"{clock.now():x}-"  # ids stay unique across power cycles
        self._records = 0
        self._done: OrderedDict[str, bool] = OrderedDict()

    @property
    def held(self) -> bool:
        """Whether an order keeps the arm up."""
        return self._held_until is not None

    def read(self, seen: Reading) -> bool:
        """A vehicle is before the camera; True when the list lets it pass."""
        refusal = "no-plate" if seen.plate is None else self._admits(seen.plate)
        told: dict[str, Any] = {
            "plate": seen.plate,
            "colour": seen.colour,
            "confidence": seen.confidence,
            "picture": base64.b64encode(seen.picture).decode(),
            "direction": self.way,
            "result": "denied" if refusal else "allowed",
        }
        if refusal:
            told["reason"] = refusal
        self._say("seen", **{name: value for name, value in told.items() if value is not None})
        if refusal is None:
            self._permit()
        return refusal is None

    def press_button(self) -> None:
        """The guard in the booth lets one vehicle pass."""
        self._say("manual-open")
        self._permit()
        self.raise_arm()

    def raise_arm(self) -> None:
        """The motor brings the arm up, if there is one left."""
        if not self.up and not self.broken:
            self.up = True
            self._say("opened", arm="open")

    def drive_on(self) -> bool:
        """A vehicle comes onto the loop; False when the arm is in its way."""
        if not self.up and not self.broken:
            return False
        self.occupied = True
        return True

    def drive_off(self, plate: str | None = None) -> None:
        """It leaves the loop on the far side. Without a permit of its own it slipped through."""
        self.occupied = False
        now = self._clock.monotonic()
        if self._permits:
            self._permits -= 1
        elif self.up and not (self.held or self.fire or self.broken):
            self._ledger.write_truth(
                "tailgating", self.device, self._clock.now(), shown=self._ledger.read()
            )
        self._lower_at = now + (PATIENCE_S if self._permits else LOWER_AFTER_S)
        told = {} if plate is None else {"plate": plate}
        self._say("passed", direction=self.way, loop=False, **told)

    def strike(self) -> None:
        """Something drives into the arm."""
        if self.broken:
            return
        self.broken, self.up, self._permits = True, False, 0
        self._ledger.write_truth(
            "barrier-struck", self.device, self._clock.now(), shown=self._ledger.read()
        )
        self._say("struck", arm="broken")

    def repair(self) -> None:
        """The arm is back on its hinge, and down."""
        self.broken = False
        self.report_state()

    def set_fire(self, *, active: bool) -> None:
        """The building's fire alarm keeps the arm up, whatever anybody ordered, or lets go."""
        self.fire = active
        if active:
            self.raise_arm()
        self.report_state()

    def report_state(self) -> None:
        """The sign of life, due at least every 30 s."""
        arm = "broken" if self.broken else "open" if self.up else "closed"
        self._say("state", arm=arm, loop=self.occupied, fire=self.fire)

    def tend(self) -> None:
        """Do what is due: end a hold, bring the arm down when nothing is under it."""
        now = self._clock.monotonic()
        if self._held_until is not None and now >= self._held_until:
            self._release(now)
        if self.up and not (self.occupied or self.held or self.fire) and now >= self._lower_at:
            self.up = False
            self._permits = 0
            self._say("closed", arm="closed")

    def command(self, action: str, command_id: str, lease_s: float | None = None) -> bool:
        """Obey `open`, `hold-open` or `release`; a repeated id is answered, and not done, again."""
        if command_id in self._done:
            return self._done[command_id]
        done = self._obey(action, lease_s)
        self._done[command_id] = done
        if len(self._done) > _REMEMBERED_COMMANDS:
            self._done.popitem(last=False)
        return done

    def _obey(self, action: str, lease_s: float | None) -> bool:
        now = self._clock.monotonic()
        if action == "open" and not self.broken:
            self._say("remote-open")
            self._permit()
            self.raise_arm()
            return True
        if action == "hold-open" and not self.broken and lease_s is not None and lease_s > 0:
            self._held_until = now + lease_s
            self._say("held")
            self.raise_arm()
            return True
        if action == "release" and not self.fire:
            if self.held:
                self._release(now)
            return True
        return False

    def _release(self, now: float) -> None:
        """End the hold; the arm comes down by itself, when nothing is under it."""
        self._held_until = None
        self._lower_at = now + LOWER_AFTER_S
        self._say("released")

    def _permit(self) -> None:
        self._permits += 1
        self._lower_at = self._clock.monotonic() + PATIENCE_S

    def _say(self, event: str, **fields: Any) -> None:
        """Write one record to the ledger, then hand it over for delivery."""
        self._records += 1
        record_id = f"{self.record_prefix}{self._records}"
        now = self._clock.now()
        self._ledger.write_record(self.device, record_id, now)
        self._put({"record_id": record_id, "time": now + self._error_ms, "event": event, **fields})

"""A gate controller: reader, lock, door contact, fire input, event records and a clock of its own.

Speaks docs/protocols/gate-http.md. Nothing here sleeps or opens a socket; `simulators.gatepush`
carries the records, `simulators.gateserver` takes the commands.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulators.ledger import Ledger
from wire import Clock

UNLOCK_S = 4.5
"""How long a granted card or an exit button frees the lock when nobody opens the door."""

_REMEMBERED_COMMANDS = 64


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a credential does not open a door."""

    reason: str


class GateController:
    """One door and its controller.

    put: takes a finished record for delivery.
    clock_error_s: device clock minus true time.
    record_prefix: what the ids of this controller's records begin with since it was switched on.
    admits: credential -> None, or why it is refused.
    opened_at, fire_ended_at, ordered_at: true times, ms; the last is that of the newest record
        that the door is free by order.
    """

    def __init__(
        self,
        device: str,
        *,
        clock: Clock,
        ledger: Ledger,
        put: Callable[[dict[str, Any]], None],
        admits: Callable[[str], Refusal | None],
        clock_error_s: float = 0.0,
    ) -> None:
        self.device = device
        self.open = False
        self.opened_at: int | None = None
        self.fire = False
        self.fire_ended_at: int | None = None
        self.ordered_at: int | None = None
        self._clock = clock
        self._ledger = ledger
        self._put = put
        self._admits = admits
        self._error_ms = round(clock_error_s * 1000)
        self._unlocked_until = 0.0
        self._held_until = 0.0
        self.record_prefix = f"{clock.now():x}-"  # ids stay unique across power cycles
        self._records = 0
        self._done: OrderedDict[str, bool] = OrderedDict()

    @property
    def held(self) -> bool:
        """Whether a hold-open lease is running."""
        return self._clock.monotonic() < self._held_until

    @property
    def locked(self) -> bool:
        """Whether opening the door now takes force."""
        free = self._clock.monotonic() < self._unlocked_until
        return not (free or self.held or self.fire)

    def present_card(self, card: str, *, direction: str = "in") -> bool:
        """Somebody shows a card; True when the lock is freed."""
        refusal = self._admits(card)
        if refusal is not None:
            self._say("denied", card=card, reason=refusal.reason, direction=direction)
            return False
        self._unlock()
        self._say("granted", card=card, direction=direction)
        return True

    def press_exit(self) -> None:
        """Somebody inside presses the exit button."""
        self._unlock()
        self._say("exit-button", direction="out")

    def pull_open(self) -> None:
        """The door is opened, by whatever means: while locked, by force."""
        if self.open:
            return
        if self.locked:
            self.tell("door-forced")
        elif self.held:
            self._say_ordered()
        self.open = True
        self.opened_at = self._clock.now()
        self._say("opened", open=True)

    def fall_shut(self) -> None:
        """The door closes, and locks unless something keeps it free."""
        if not self.open:
            return
        self.open = False
        self.opened_at = None
        self._unlocked_until = 0.0
        self._say("closed", open=False)

    def set_fire(self, *, active: bool) -> None:
        """The building's fire alarm frees the door, whatever anybody ordered, or lets go of it."""
        if self.fire and not active:
            self.fire_ended_at = self._clock.now()
        self.fire = active
        self.report_state()

    def tell(self, truth: str) -> None:
        """Write to the ledger what becomes true here, and shows, with the record that follows."""
        self._ledger.write_truth(truth, self.device, self._clock.now(), shown=self._ledger.read())

    def report_state(self) -> None:
        """The sign of life, due at least every 30 s."""
        self._say("state", open=self.open, fire=self.fire)

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
        if action == "open":
            self._unlock()
            self._say_ordered()
            return True
        if action == "hold-open" and lease_s is not None and lease_s > 0:
            fresh = not self.held
            self._held_until = self._clock.monotonic() + lease_s
            if fresh:
                self._say_ordered()
            return True
        if action == "release" and not self.fire:
            self._held_until = self._unlocked_until = 0.0
            return True
        return False

    def _unlock(self) -> None:
        self._unlocked_until = self._clock.monotonic() + UNLOCK_S

    def _say_ordered(self) -> None:
        """The door is, or stays, free by order of the control room."""
        self.ordered_at = self._clock.now()
        self._say("remote-open")

    def _say(self, event: str, **fields: Any) -> None:
        """Write one record to the ledger, then hand it over for delivery."""
        self._records += 1
        record_id = f"{self.record_prefix}{self._records}"
        now = self._clock.now()
        self._ledger.write_record(self.device, record_id, now)
        self._put({"record_id": record_id, "time": now + self._error_ms, "event": event, **fields})

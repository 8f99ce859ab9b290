"""An access panel in an elevator: a reader, and buttons that a card frees.

Speaks docs/protocols/panel-http.md. Nothing here sleeps or opens a socket; `simulators.gatepush`
carries the records.
"""

from collections.abc import Callable
from typing import Any

from simulators.ledger import Ledger
from simulators.residents import LOBBY
from wire import Clock


class ElevatorPanel:
    """put: takes a finished record for delivery. clock_error_s: device clock minus true time.

    home: card -> the floor that it frees besides the lobby; None for a card that nobody here owns.
    """

    def __init__(
        self,
        device: str,
        *,
        clock: Clock,
        ledger: Ledger,
        put: Callable[[dict[str, Any]], None],
        home: Callable[[str], int | None],
        clock_error_s: float = 0.0,
    ) -> None:
        self.device = device
        self._clock = clock
        self._ledger = ledger
        self._put = put
        self._home = home
        self._error_ms = round(clock_error_s * 1000)
        self.record_prefix = f"{clock.now():x}-"  # ids stay unique across power cycles
        self._records = 0

    def choose(self, card: str, floor: int) -> bool:
        """Somebody shows a card and presses a floor; True when the car takes them there."""
        home, tried = self._home(card), {"card": card, "floor": floor}
        if home is not None and floor in {LOBBY, home}:
            self._say("access", result="granted", floors=[LOBBY, home], **tried)
            return True
        reason = "unknown-credential" if home is None else "not-allowed-here"
        self._say("access", result="denied", reason=reason, **tried)
        return False

    def report_state(self) -> None:
        """The sign of life, due at least every 60 s."""
        self._say("state")

    def _say(self, event: str, **fields: Any) -> None:
        """Write one record to the ledger, then hand it over for delivery."""
        self._records += 1
        record_id = f"{self.record_prefix}{self._records}"
        now = self._clock.now()
        self._ledger.write_record(self.device, record_id, now)
        self._put({"record_id": record_id, "time": now + self._error_ms, "event": event, **fields})

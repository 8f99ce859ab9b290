"""Which lane an observation takes: what may be about life overtakes a backlog."""

from collections.abc import Mapping

from wire import Lane, Observation, SignalValue
from wire.kinds import Kind

FIRE = "fire"
"""The signal by which a device reports its fire input."""

_ROUNDING = 1e-9
"""0.35 - 0.33 is a little less than 0.02 in binary."""


class Urgency:
    """Remembers, by device and signal, what was last sent and what was last sent as urgent.

    A number takes the `life` lane when it moved by its signal's `urgent_change` since either:
    since the last report for a burst, since the last urgent one for a slow leak, whose single
    steps are all small. A fire input that changes does too.
    """

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._kinds = kinds
        self._sent: dict[tuple[str, str], SignalValue] = {}
        self._urgent: dict[tuple[str, str], float] = {}

    def lane(self, observation: Observation) -> Lane:
        """The lane of one observation; to be asked once for each, in order."""
        kind = self._kinds[observation.device]
        urgent = [
            self._is_urgent(kind, observation.device, name, value)
            for name, value in observation.signals.items()
        ]
        return Lane.LIFE if any(urgent) and not observation.historical else kind.lane

    def _is_urgent(self, kind: Kind, device: str, name: str, value: SignalValue) -> bool:
        key = (device, name)
        before = self._sent.get(key)
        self._sent[key] = value
        if name == FIRE and isinstance(value, bool):
            return value is not bool(before)
        spec = kind.signal(name)
        if spec is None or spec.urgent_change is None or not _is_number(value):
            return False
        number = float(value or 0)
        reference = self._urgent.setdefault(key, number)
        steps = [abs(number - reference)]
        if _is_number(before):
            steps.append(abs(number - float(before or 0)))
        if max(steps) < spec.urgent_change - _ROUNDING:
            return False
        self._urgent[key] = number
        return True


def _is_number(value: SignalValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

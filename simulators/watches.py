"""Notices when something has become true that must raise an alert, and writes it to the ledger.

Truth here is physical, the estate's own; what the hub makes of it is the scorecard's matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulators.gate import GateController
from simulators.ledger import Ledger
from simulators.water import WaterNetwork
from wire.command import MAX_LEASE_S

REARM_MPA = 0.02
"""A sensor's next low is a new event only once the pressure was this far above the limit."""

_LEASE_MS = round(MAX_LEASE_S * 1000)


@dataclass
class PressureWatch:
    """`pressure-low`: true from the moment the true pressure is below the sensor's limit.

    Shown from the first answered read whose register is below the limit too. The time from the
    crossing to that read belongs to the sampling interval, which the site chooses; the rule's
    on-delay is inside the measured latency.
    """

    water: WaterNetwork
    ledger: Ledger
    _low: set[str] = field(default_factory=set)
    _limits: dict[str, float] = field(init=False)

    def __post_init__(self) -> None:
        self._limits = {name: one.limit_mpa() for name, one in self.water.sensors.items()}

    def check(self, now: int, *, local_s: float) -> None:
        """Look at every sensor's true pressure."""
        for name, limit in self._limits.items():
            pressure = self.water.pressure(name, local_s)
            if name not in self._low and pressure < limit:
                self._low.add(name)
                self.ledger.write_truth("pressure-low", name, now)
            elif name in self._low and pressure > limit + REARM_MPA:
                self._low.discard(name)

    def answered(self, sensor: str, mpa: float) -> None:
        """A read of this sensor is about to be answered with `mpa`."""
        if sensor in self._low and mpa < self._limits[sensor]:
            self.ledger.write_shown("pressure-low", sensor)


@dataclass
class DoorWatch:
    """`door-held-open`: true, and shown, once a door has stood open for its allowed time.

    allowed_s: by gate. A door that a fire keeps open is as it should be, and so is one that the
    control room opened, for as long as a lease can last: nobody tells the hub of a lease's end.
    rate: simulated seconds per real second.
    """

    gates: Mapping[str, GateController]
    ledger: Ledger
    allowed_s: Mapping[str, float]
    rate: float
    _told: dict[str, int] = field(default_factory=dict)

    def check(self, now: int) -> None:
        """Look at every door."""
        for name, gate in self.gates.items():
            if gate.opened_at is None or gate.fire:
                continue
            due = _counted_from(gate, gate.opened_at) + round(self.allowed_s[name] * 1000)
            if now >= due and self._told.get(name) != gate.opened_at:
                self._told[name] = gate.opened_at
                shown = self.ledger.read() - (now - due) / 1000 / self.rate
                self.ledger.write_truth("door-held-open", name, due, shown=shown)


def _counted_from(gate: GateController, opened_at: int) -> int:
    """From when the open door's time counts, ms."""
    start = max(opened_at, gate.fire_ended_at or 0)
    if gate.ordered_at is not None and gate.ordered_at >= opened_at - _LEASE_MS:
        start = max(start, gate.ordered_at + _LEASE_MS)
    return start

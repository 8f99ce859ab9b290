"""Fire-water risers: hydrostatic head, jockey pumps, demand, leaks and the sensors' own noise.

Pure and seeded: pressure is a function of time, so sampling it more often changes nothing. All
pressures are gauge, MPa; heights are metres above the estate's datum; times are seconds.
"""

import math
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from simulators.errors import ConfigError
from simulators.seeds import draw_from

MPA_PER_METRE = 0.00981
"""rho * g of water at 1000 kg/m3 and 9.81 m/s2: about 0.1 MPa per 10 m of head."""

STATIC_MINIMUM_MPA = {
    "residential-high-rise": 0.07,
    "residential-multi-storey": 0.07,
    "public-high-rise-class-1": 0.10,
    "public-over-100m": 0.15,
}
"""Least static pressure at the most unfavourable hydrant, by class (GB 50974-2014, 5.2.2)."""

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Sensor:
    """A pressure sensor on a riser.

    elevation_m: where it is tapped in. protects_to_m: the riser's most unfavourable hydrant.
    """

    id: str
    riser: str
    elevation_m: float
    protects_to_m: float
    building_class: str = "residential-high-rise"

    def limit_mpa(self) -> float:
        """What this sensor reads when the pressure at the top is just the least allowed."""
        minimum = STATIC_MINIMUM_MPA.get(self.building_class)
        if minimum is None:
            raise ConfigError(f"{self.id}: building_class: no figure for {self.building_class!r}")
        return minimum + head_mpa(self.protects_to_m - self.elevation_m)


@dataclass(frozen=True, slots=True)
class Riser:
    """A riser kept up by a jockey pump, as felt at its most unfavourable point.

    The pump starts at `start_mpa`, stops at `stop_mpa` after `pump_s`; seepage lets the pressure
    fall back within `seep_s`. Demand on the shared supply takes up to `demand_mpa` more.
    phase_s shifts the cycle, so that no two risers breathe together.
    """

    id: str
    phase_s: float = 0.0
    start_mpa: float = 0.14
    stop_mpa: float = 0.18
    seep_s: float = 1500.0
    pump_s: float = 30.0
    demand_mpa: float = 0.008

    def top_mpa(self, time_s: float) -> float:
        """Pressure at the most unfavourable point, without any leak."""
        span = self.stop_mpa - self.start_mpa
        place = (time_s + self.phase_s) % (self.seep_s + self.pump_s)
        if place < self.seep_s:
            level = self.stop_mpa - span * place / self.seep_s
        else:
            level = self.start_mpa + span * (place - self.seep_s) / self.pump_s
        return level - self.demand_mpa * demand(time_s)

    def pump_runs(self, time_s: float) -> bool:
        """Whether the jockey pump is running."""
        return (time_s + self.phase_s) % (self.seep_s + self.pump_s) >= self.seep_s


@dataclass(frozen=True, slots=True)
class Ramp:
    """A figure that goes from `before` to `after` within `over_s` from `start_s`, evenly."""

    start_s: float
    over_s: float
    before: float
    after: float

    def at(self, time_s: float) -> float:
        """The figure at a time."""
        if self.over_s <= 0 or time_s >= self.start_s + self.over_s:
            return self.after
        part = max(0.0, (time_s - self.start_s) / self.over_s)
        return self.before + (self.after - self.before) * part


@dataclass(frozen=True, slots=True)
class Opening:
    """A leak. The pump runs but cannot keep up: the further it is open, the more it rules.

    share: 0 (tight) to 1 (the pressure is what the leak leaves). level: that pressure, MPa.
    """

    share: Ramp
    level: Ramp

    def rule(self, undisturbed_mpa: float, time_s: float) -> float:
        """What is left of a pressure."""
        share = self.share.at(time_s)
        return undisturbed_mpa * (1.0 - share) + self.level.at(time_s) * share


@dataclass
class WaterNetwork:
    """All risers of an estate with their sensors; `leak` and `recover` are what happens to it."""

    sensors: dict[str, Sensor]
    risers: dict[str, Riser]
    noise_mpa: float = 0.0006
    _noise: random.Random = field(default_factory=random.Random)
    _openings: dict[str, Opening] = field(default_factory=dict)

    @classmethod
    def build(cls, sensors: Iterable[Sensor], *, seed: int) -> "WaterNetwork":
        """A network with one riser per `Sensor.riser`, its pump's phase drawn from `seed`."""
        by_id = {sensor.id: sensor for sensor in sensors}
        draw = draw_from("risers", seed)
        names = sorted({sensor.riser for sensor in by_id.values()})
        risers = {name: Riser(name, phase_s=draw.uniform(0.0, 1200.0)) for name in names}
        return cls(by_id, risers, _noise=draw_from("noise", seed))

    def pressure(self, sensor: str, time_s: float) -> float:
        """The true pressure at a sensor, never below the atmosphere's."""
        tap = self.sensors[sensor]
        top = self._ruled(tap.riser, self.risers[tap.riser].top_mpa(time_s), time_s)
        here = top + head_mpa(tap.protects_to_m - tap.elevation_m)
        return max(0.0, self._ruled(tap.id, here, time_s))

    def measure(self, sensor: str, time_s: float) -> float:
        """What the sensor's own electronics make of it: truth plus noise, not yet quantised."""
        return self.pressure(sensor, time_s) + self._noise.gauss(0.0, self.noise_mpa)

    def below_limit(self, sensor: str, time_s: float) -> bool:
        """Whether the true pressure is below what the sensor's place demands."""
        return self.pressure(sensor, time_s) < self.sensors[sensor].limit_mpa()

    def leak(self, target: str, *, to_mpa: float, over_s: float, time_s: float) -> None:
        """Let a sensor's branch fall to `to_mpa` there, or a riser to `to_mpa` at its top."""
        if target not in self.sensors and target not in self.risers:
            raise ConfigError(f"leak: no sensor or riser is called {target!r}")
        old = self._openings.get(target)
        share = old.share.at(time_s) if old else 0.0
        level = old.level.at(time_s) if old and share > 0 else to_mpa
        self._openings[target] = Opening(
            Ramp(time_s, over_s, share, 1.0), Ramp(time_s, over_s, level, to_mpa)
        )

    def recover(self, target: str, *, over_s: float, time_s: float) -> None:
        """The leak at `target`, if any, is closed; the pressure is good again within `over_s`."""
        old = self._openings.get(target)
        if old is not None:
            share = Ramp(time_s, over_s, old.share.at(time_s), 0.0)
            self._openings[target] = Opening(share, old.level)

    def _ruled(self, place: str, undisturbed_mpa: float, time_s: float) -> float:
        opening = self._openings.get(place)
        return opening.rule(undisturbed_mpa, time_s) if opening else undisturbed_mpa


def head_mpa(height_m: float) -> float:
    """Hydrostatic pressure of a column of water `height_m` high."""
    return MPA_PER_METRE * height_m


@lru_cache(16)  # every riser asks for the same moment
def demand(time_s: float) -> float:
    """Share of the highest demand, 0..1, at a local time of day: peaks near 07:30 and 19:30."""
    hour = time_s % DAY_S / 3600.0
    morning = math.exp(-(((hour - 7.5) / 1.5) ** 2))
    evening = math.exp(-(((hour - 19.5) / 2.0) ** 2))
    return min(1.0, 0.1 + 0.7 * morning + 0.9 * evening)

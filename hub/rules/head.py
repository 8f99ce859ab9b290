"""What a fire-water pressure should be where a sensor stands.

GB 50974-2014, 5.2.2 sets the least static pressure at the most unfavourable point of a system. A
sensor elsewhere on the riser reads the weight of the water between them on top of that.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from hub.config import Site
from hub.config.table import Table
from hub.rules.spec import Limits
from wire import Id

MPA_PER_METRE = 0.00981
"""rho * g for water at 1000 kg/m3 and 9.81 m/s2: about 0.1 MPa for 10 m of head."""

Pressure = Annotated[float, Field(ge=-0.1, le=6)]
Metres = Annotated[float, Field(ge=-200, le=1500)]


class LimitTable(Table):
    """Limits at the points that decide, MPa.

    low_mpa: least static pressure at the most unfavourable point, by building class.
    sprinkler_low_mpa: the same for automatic sprinklers (5.2.2, 4).
    high_mpa: the most at the lowest outlet; above it the system has to be divided into zones.
    """

    low_mpa: dict[Id, Pressure]
    sprinkler_low_mpa: Pressure
    high_mpa: Pressure


class Placement(Table):
    """What the site file says of one pressure sensor.

    elevation_m: of the sensor. protects_to_m: of the most unfavourable point that its riser
    serves. lowest_m: of the lowest outlet; the sensor's own where it is not said.
    low_mpa, high_mpa: limits at the sensor itself, instead of those worked out; drinking water
    always has to state low_mpa.
    """

    elevation_m: Metres | None = None
    protects_to_m: Metres | None = None
    lowest_m: Metres | None = None
    building_class: Id | None = None
    medium: Literal["hydrant", "sprinkler", "drinking-water"] = "hydrant"
    low_mpa: Pressure | None = None
    high_mpa: Pressure | None = None

    @model_validator(mode="after")
    def _is_placed(self) -> "Placement":
        if self.low_mpa is None:
            if self.medium == "drinking-water":
                raise ValueError("drinking water needs its own low_mpa")
            if self.elevation_m is None or self.protects_to_m is None:
                raise ValueError("needs elevation_m and protects_to_m, or low_mpa")
        return self


def limits_at(placement: Placement, building_class: str, table: LimitTable) -> Limits:
    """The limits at the sensor, MPa. Raises ValueError when they leave no room between them."""
    low = placement.low_mpa
    if low is None:
        low = _least(placement, building_class, table) + _head(
            placement.elevation_m, placement.protects_to_m
        )
    high = placement.high_mpa
    if high is None:
        high = table.high_mpa + _head(placement.elevation_m, placement.lowest_m)
    low, high = round(low, 4), round(high, 4)
    if low >= high:
        raise ValueError(
            f"low limit {low} MPa is not below high limit {high} MPa; say lowest_m or high_mpa"
        )
    return Limits(low, high)


def class_of(site: Site, placement: Placement, default: str) -> str:
    """The building class of a sensor: its own, or that of the building where it stands."""
    return placement.building_class or default or site.building_class


def _least(placement: Placement, building_class: str, table: LimitTable) -> float:
    if placement.medium == "sprinkler":
        return table.sprinkler_low_mpa
    least = table.low_mpa.get(building_class)
    if least is None:
        known = ", ".join(sorted(table.low_mpa))
        raise ValueError(f"no low_mpa for building class {building_class!r}; known: {known}")
    return least


def _head(elevation_m: float | None, other_m: float | None) -> float:
    """What a sensor reads more than a point `other_m` high: negative below it."""
    if elevation_m is None or other_m is None:
        return 0.0
    return MPA_PER_METRE * (other_m - elevation_m)

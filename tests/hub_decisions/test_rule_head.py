import pytest
from pydantic import ValidationError

from hub.config import load_rules
from hub.rules.head import Placement, limits_at
from hub.rules.pressure import Settings


@pytest.fixture(scope="module")
def table(configs):
    return Settings.model_validate(load_rules(configs / "rules")["pressure"].table)


@pytest.mark.parametrize(
    ("building_class", "medium", "elevation", "protects_to", "low"),
    [
        # GB 50974-2014, 5.2.2: the figures at the most unfavourable point itself
        ("public-high-rise-class-1", "hydrant", 60, 60, 0.10),
        ("public-over-100m", "hydrant", 120, 120, 0.15),
        ("residential-high-rise", "hydrant", 50, 50, 0.07),
        ("residential-multi-storey", "hydrant", 15, 15, 0.07),
        ("industrial", "hydrant", 20, 20, 0.10),
        ("residential-high-rise", "sprinkler", 50, 50, 0.10),
        # 0.00981 MPa for each metre of water above the sensor, less for a sensor above the point
        ("residential-high-rise", "hydrant", 0, 50, 0.07 + 0.4905),
        ("residential-high-rise", "hydrant", 40, 50, 0.07 + 0.0981),
        ("residential-high-rise", "hydrant", 52, 50, 0.07 - 0.0196),
    ],
)
def test_low_limit_by_class_and_place(table, building_class, medium, elevation, protects_to, low):
    place = Placement(elevation_m=elevation, protects_to_m=protects_to, medium=medium)
    assert limits_at(place, building_class, table).low == pytest.approx(low, abs=1e-4)


def test_high_limit_is_that_of_the_lowest_outlet(table):
    at_the_bottom = Placement(elevation_m=0, protects_to_m=50)
    higher_up = Placement(elevation_m=20, protects_to_m=50, lowest_m=0)
    assert limits_at(at_the_bottom, "residential-high-rise", table).high == 1.0
    assert limits_at(higher_up, "residential-high-rise", table).high == pytest.approx(0.8038)


def test_own_limits_come_first(table):
    place = Placement(medium="drinking-water", low_mpa=0.2, high_mpa=0.45)
    limits = limits_at(place, "residential-high-rise", table)
    assert (limits.low, limits.high) == (0.2, 0.45)


def test_limits_that_leave_no_room_are_refused(table):
    with pytest.raises(ValueError, match=r"low limit 1\.051 MPa is not below high limit 1\.0 MPa"):
        limits_at(Placement(elevation_m=0, protects_to_m=100), "residential-high-rise", table)


def test_unknown_building_class_is_refused(table):
    with pytest.raises(ValueError, match="no low_mpa for building class 'castle'; known: "):
        limits_at(Placement(elevation_m=0, protects_to_m=5), "castle", table)


@pytest.mark.parametrize(
    "fields",
    [{}, {"elevation_m": 3}, {"protects_to_m": 3}, {"medium": "drinking-water", "elevation_m": 1}],
)
def test_a_sensor_that_is_not_placed_is_refused(fields):
    with pytest.raises(ValidationError):
        Placement.model_validate(fields)

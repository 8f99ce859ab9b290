import math

import pytest

from simulators.errors import ConfigError
from simulators.water import Ramp, Riser, Sensor, WaterNetwork, demand, head_mpa

TOP = Sensor("top", "b1", elevation_m=50.4, protects_to_m=50.4)
BASE = Sensor("base", "b1", elevation_m=-3.6, protects_to_m=50.4)
OTHER = Sensor("other", "b2", elevation_m=10.0, protects_to_m=10.0)
NOON = 12 * 3600.0


def network(seed=1):
    return WaterNetwork.build([TOP, BASE, OTHER], seed=seed)


@pytest.mark.parametrize(
    ("height_m", "mpa"),
    [(0.0, 0.0), (10.0, 0.0981), (54.0, 0.52974), (-10.0, -0.0981)],
)
def test_head_of_a_column_is_rho_g_h(height_m, mpa):
    assert head_mpa(height_m) == pytest.approx(mpa)


@pytest.mark.parametrize(
    ("sensor", "limit_mpa"),
    [
        (TOP, 0.07),
        (BASE, 0.07 + 0.52974),
        (Sensor("p", "b1", 0.0, 100.0, "public-over-100m"), 0.15 + 0.981),
        (Sensor("p", "b1", 5.0, 5.0, "public-high-rise-class-1"), 0.10),
    ],
)
def test_limit_is_the_least_pressure_at_the_top_plus_the_head_down_to_the_sensor(sensor, limit_mpa):
    assert sensor.limit_mpa() == pytest.approx(limit_mpa)


def test_unknown_building_class_is_refused_by_name():
    with pytest.raises(ConfigError, match="p: building_class: no figure for 'igloo'"):
        Sensor("p", "b1", 0.0, 0.0, "igloo").limit_mpa()


def test_two_sensors_on_a_riser_differ_by_the_water_between_them():
    water = network()
    difference = water.pressure("base", NOON) - water.pressure("top", NOON)
    assert difference == pytest.approx(0.00981 * 54.0)


def test_pump_starts_at_the_low_level_and_stops_at_the_high_one():
    riser = Riser("r", demand_mpa=0.0)
    assert riser.top_mpa(0.0) == pytest.approx(0.18)
    assert riser.top_mpa(1499.999) == pytest.approx(0.14, abs=1e-6)
    assert not riser.pump_runs(1499.0)
    assert riser.pump_runs(1501.0)
    assert riser.top_mpa(1515.0) == pytest.approx(0.16)
    assert riser.top_mpa(1530.0) == pytest.approx(0.18)


def test_undisturbed_riser_never_comes_near_its_limit_in_a_whole_day():
    water = network()
    lowest = min(water.pressure("top", second) for second in range(0, 86_400, 10))
    assert lowest > TOP.limit_mpa() + 0.05


def test_demand_is_highest_in_the_evening_and_least_at_night():
    assert demand(19.5 * 3600) > demand(7.5 * 3600) > demand(3 * 3600)


def test_branch_leak_reaches_its_pressure_in_its_time_and_spares_the_rest_of_the_riser():
    water = network()
    base_before = water.pressure("base", NOON)
    water.leak("top", to_mpa=0.03, over_s=4.0, time_s=NOON)
    assert not water.below_limit("top", NOON)
    assert water.pressure("top", NOON + 4.0) == pytest.approx(0.03, abs=0.001)
    assert water.below_limit("top", NOON + 4.0)
    assert water.pressure("base", NOON + 4.0) == pytest.approx(base_before, abs=0.001)


def test_riser_leak_is_felt_by_every_sensor_of_the_riser_and_by_no_other():
    water = network()
    other_before = water.pressure("other", NOON)
    water.leak("b1", to_mpa=0.02, over_s=5.0, time_s=NOON)
    assert water.pressure("top", NOON + 5.0) == pytest.approx(0.02, abs=0.001)
    assert water.below_limit("base", NOON + 5.0)
    assert water.pressure("other", NOON + 5.0) == pytest.approx(other_before, abs=0.001)


def test_recovery_starts_from_where_the_leak_had_come_to():
    water = network()
    normal = water.pressure("top", NOON)
    water.leak("top", to_mpa=0.03, over_s=4.0, time_s=NOON)
    halfway = water.pressure("top", NOON + 2.0)
    water.recover("top", over_s=10.0, time_s=NOON + 2.0)
    assert water.pressure("top", NOON + 2.0) == pytest.approx(halfway)
    assert water.pressure("top", NOON + 12.0) == pytest.approx(normal, abs=0.001)


def test_pressure_never_falls_below_the_atmosphere():
    water = network()
    water.leak("top", to_mpa=0.0, over_s=0.0, time_s=NOON)
    assert water.pressure("top", NOON + 1000.0) == 0.0


def test_leak_at_nothing_is_refused():
    with pytest.raises(ConfigError, match="nowhere"):
        network().leak("nowhere", to_mpa=0.0, over_s=1.0, time_s=0.0)


@pytest.mark.parametrize(
    ("time_s", "value"), [(0.0, 1.0), (10.0, 1.0), (12.0, 2.0), (14.0, 3.0), (99.0, 3.0)]
)
def test_ramp_goes_evenly_from_before_to_after(time_s, value):
    assert Ramp(10.0, 4.0, before=1.0, after=3.0).at(time_s) == value


def test_pump_cycles_do_not_lift_a_leaking_branch_over_its_limit():
    water = network()
    water.leak("top", to_mpa=0.05, over_s=4.0, time_s=NOON)
    assert all(water.below_limit("top", NOON + 4.0 + second) for second in range(3600))


def test_leak_that_gets_worse_goes_on_from_where_it_was():
    water = network()
    water.leak("top", to_mpa=0.05, over_s=4.0, time_s=NOON)
    water.leak("top", to_mpa=0.01, over_s=4.0, time_s=NOON + 10.0)
    assert water.pressure("top", NOON + 10.0) == pytest.approx(0.05)
    assert water.pressure("top", NOON + 14.0) == pytest.approx(0.01)


def test_noise_is_small_and_centred():
    water = network()
    errors = [water.measure("top", NOON) - water.pressure("top", NOON) for _ in range(500)]
    assert max(map(abs, errors)) < 0.004
    assert math.fsum(errors) / 500 == pytest.approx(0.0, abs=0.0002)


def test_same_seed_gives_the_same_water_and_another_seed_another():
    def series(seed):
        water = network(seed)
        return [water.measure("top", NOON + second) for second in range(20)]

    assert series(3) == series(3)
    assert series(3) != series(4)

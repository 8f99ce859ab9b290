from pathlib import Path

import pytest

from simulators import scenario, site
from simulators.errors import ConfigError

CONFIGS = Path(__file__).parents[2] / "configs"
SCENARIOS = sorted((CONFIGS / "scenarios").glob("*.toml"))

MINIMAL = 'name = "x"\nsite = "jinxiu"\nduration_s = 10\n'


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_shipped_scenario_loads_and_fits_its_site(path):
    loaded = scenario.load(path)
    assert loaded.name == path.stem
    scenario.check(loaded, site.load(CONFIGS / "sites" / f"{loaded.site}.toml"))


def test_demo_and_quiet_day_are_shipped():
    assert {"demo", "quiet-day"} <= {path.stem for path in SCENARIOS}


def test_demo_sensors_stand_where_hydrants_and_pump_rooms_are():
    estate = site.load(CONFIGS / "sites" / "jinxiu.toml")
    heights = {one.id: one for one in estate.building}
    for device in estate.devices("water-pressure").values():
        building = heights[device.building]
        top_m = (building.floors - 1) * building.floor_height_m + 1.1
        sensor = estate.sensor(device)
        assert sensor.protects_to_m == pytest.approx(top_m)
        assert -6.0 < sensor.elevation_m <= sensor.protects_to_m


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("name = ", "not TOML"),
        (MINIMAL + "speed = 3\n", "speed: Extra inputs are not permitted"),
        ('name = "x"\nsite = "jinxiu"\n', "duration_s: Field required"),
        (MINIMAL + '[[step]]\ndo = "flood"\n', "step.0: Input tag 'flood'"),
        (MINIMAL + '[[step]]\ndo = "leak"\n', "step.0.leak.target: Field required"),
        (MINIMAL + '[[step]]\ndo = "deny"\ngate = "g"\ntries = 0\n', "step.0.deny.tries"),
        (MINIMAL + "[after]\nevery_s = [9, 2]\nincidents = ['leak']\n", "after: Value error"),
        (MINIMAL + "[life]\ntrips_per_hour = -1\n", "life.trips_per_hour"),
    ],
)
def test_mistake_in_a_scenario_is_one_line_with_file_and_key(tmp_path, text, line):
    path = tmp_path / "broken.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        scenario.load(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert line in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("step", "line"),
    [
        ('do = "leak"\ntarget = "door-b1"\nto_mpa = 0', "step.0.target: 'door-b1'"),
        ('do = "force-door"\ngate = "fw-b1-top"', "step.0.gate: 'fw-b1-top'"),
        ('do = "prop-door"\ngate = "nowhere"', "step.0.gate: 'nowhere'"),
        ('do = "tailgate"\nbarrier = "gate-east"', "step.0.barrier: 'gate-east'"),
    ],
)
def test_step_on_a_device_that_the_site_has_not_is_refused(tmp_path, step, line):
    path = tmp_path / "x.toml"
    path.write_text(MINIMAL + f"[[step]]\n{step}\n")
    with pytest.raises(ConfigError, match="is not on this site") as caught:
        scenario.check(scenario.load(path), site.load(CONFIGS / "sites" / "jinxiu.toml"))
    assert line in str(caught.value)


def test_unknown_scenario_names_those_that_exist():
    with pytest.raises(ConfigError, match=r"no such scenario \(there are: demo, .*quiet-day\)"):
        scenario.find("nonsense", CONFIGS / "scenarios")


def test_scenario_may_be_named_by_path_too():
    assert scenario.find("some/where.toml", CONFIGS) == Path("some/where.toml")
    assert scenario.find("demo", CONFIGS / "scenarios") == CONFIGS / "scenarios" / "demo.toml"


def test_missing_site_file_is_one_line():
    with pytest.raises(ConfigError, match=r"nowhere\.toml: No such file"):
        site.load(Path("nowhere.toml"))


def test_sensor_without_elevation_is_refused_by_device_and_key():
    estate = site.load(CONFIGS / "sites" / "jinxiu.toml")
    device = next(iter(estate.devices("water-pressure").values()))
    bare = device.model_copy(update={"settings": {"protects_to_m": 10.0}})
    with pytest.raises(ConfigError, match=r"settings\.elevation_m: a number of metres"):
        estate.sensor(bare)

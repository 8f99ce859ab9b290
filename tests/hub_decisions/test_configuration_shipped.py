import pytest

from hub.config import (
    check_categories,
    load_alarms,
    load_catalogue,
    load_hub,
    load_rules,
    load_site,
)
from hub.pipeline.darkness import DARK
from hub.pipeline.looking import OVER_QUOTA
from hub.pipeline.watching import HIT
from hub.rules import bind_agent, bind_device, check_site, limits, read_settings
from hub.rules.registry import load as load_specs
from wire.kinds import load as load_kinds

CONDITIONS = {
    "building-dark": "P1",
    "disk-nearly-full": "P1",
    "hub-cut-off": "P1",
    "looks-over-quota": "P2",
    "watchlist-hit": "P1",
    "pressure-low": "P0",
    "pressure-high": "P1",
    "pressure-falling-fast": "P0",
    "door-forced": "P1",
    "door-held-open": "P2",
    "door-denied-repeatedly": "P2",
    "barrier-struck": "P1",
    "barrier-held-up": "P2",
    "tailgating": "P1",
    "ebike-in-elevator": "P0",
    "falling-object": "P1",
    "drifting-object": "P2",
    "plate-misread": "P3",
    "in-without-out": "P3",
    "out-without-in": "P3",
    "device-silent": "P2",
    "agent-silent": "P1",
    "agent-cloned": "P1",
    "certificate-ending": "P2",
    "camera-blind": "P1",
    "camera-moved": "P2",
    "detector-failing": "P1",
}


@pytest.fixture(scope="module")
def hub(configs):
    return load_hub(configs / "hub.toml", shipped=configs)


def test_the_shipped_hub_file_leads_to_everything_else(hub):
    alarms = load_alarms(hub.alarms)
    check_categories(hub.alarms, alarms, load_catalogue(hub.cases))
    settings = read_settings(load_rules(hub.rules), alarms, directory=hub.rules)
    assert len(hub.sites) == 1
    for path in hub.sites:
        check_site(load_site(path), load_kinds(), settings)


def test_paths_are_absolute_and_beside_the_file(hub, configs):
    assert hub.sites == (configs / "sites" / "jinxiu.toml",)
    assert hub.data == configs.parent / "data"


def test_every_condition_that_a_rule_may_find_is_an_alarm_type(hub):
    alarms = load_alarms(hub.alarms)
    found = {condition for spec in load_specs().values() for condition in spec.conditions}
    found |= {DARK, OVER_QUOTA, HIT}  # told by alarms, and by what people do
    assert found == set(alarms) == set(CONDITIONS)
    assert {name: alarm.priority.value for name, alarm in alarms.items()} == CONDITIONS


def test_every_response_says_what_to_do_in_numbered_steps_in_both_languages(hub):
    for alarm in load_alarms(hub.alarms).values():
        for text in (alarm.response.zh, alarm.response.en):
            steps = text.splitlines()
            assert 3 <= len(steps) <= 6, alarm.id
            assert [line.split(".")[0] for line in steps] == [
                str(number) for number in range(1, len(steps) + 1)
            ]
            assert max(map(len, steps)) <= 100, alarm.id


def test_life_safety_opens_a_case_by_itself(hub):
    alarms = load_alarms(hub.alarms)
    assert all(alarm.case.auto for alarm in alarms.values() if alarm.priority == "P0")


def test_the_catalogue_has_a_case_for_everything_and_a_purpose_for_each_look(hub):
    catalogue = load_catalogue(hub.cases)
    assert len(catalogue.classes) >= 12
    assert len(catalogue.categories) >= 60
    used = {one.case_class for one in catalogue.categories.values()}
    assert used == set(catalogue.classes), "no branch without a leaf"
    assert {"other", "fire-water", "intrusion"} <= set(catalogue.categories)
    assert "incident" in catalogue.purposes


def test_rules_come_with_the_kind_unless_the_site_says_otherwise(hub, configs):
    site = load_site(hub.sites[0])
    settings = read_settings(load_rules(hub.rules), load_alarms(hub.alarms), directory=hub.rules)
    kinds = load_kinds()
    gate = site.device("gate-east")
    assert [one.id for one in bind_device(site, gate, kinds["gate"], settings)] == [
        "door",
        "door-denied",
        "device-silent",
    ]
    quiet = gate.model_copy(update={"rules": ("device-silent",), "settings": {}})
    assert [one.id for one in bind_device(site, quiet, kinds["gate"], settings)] == [
        "device-silent"
    ]
    assert [one.id for one in bind_agent(site, site.agents[0], settings)] == [
        "agent-cloned",
        "agent-silent",
    ]


def test_limits_for_charts(hub):
    site = load_site(hub.sites[0])
    settings = read_settings(load_rules(hub.rules), load_alarms(hub.alarms), directory=hub.rules)
    top = limits(site, site.device("fw-b2-top"), load_kinds()["water-pressure"], settings)
    assert (top["pressure"].low, top["pressure"].high) == (0.07, 1.0)
    assert limits(site, site.device("gate-east"), load_kinds()["gate"], settings) == {}

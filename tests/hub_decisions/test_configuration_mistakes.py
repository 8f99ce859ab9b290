"""Each mistake gives one line that names file and key."""

import shutil

import pytest

from hub.config import (
    check_categories,
    load_alarms,
    load_catalogue,
    load_hub,
    load_rules,
    load_site,
)
from hub.errors import ConfigError
from hub.rules import check_site, read_settings
from wire.kinds import load as load_kinds

HUB = 'data = "d"\nsites = ["s.toml"]\n'
MQTT = '[mqtt]\nurl = "mqtt://localhost:1883"\n'
SITE = 'id = "s"\nname = { zh = "园", en = "Garden" }\n'
AGENT = '[[agent]]\nid = "a"\n'
GATE = (
    '[[agent.device]]\nid = "g"\nkind = "gate"\n'
    'name = { zh = "门", en = "Gate" }\nplace = { zh = "东", en = "East" }\n'
)


@pytest.fixture
def everything(tmp_path, configs):
    """A copy of the shipped configuration, to be broken; returns what loads and checks it all."""
    for folder in ("rules", "alarms", "cases"):
        shutil.copytree(configs / folder, tmp_path / folder)
    (tmp_path / "hub.toml").write_text(HUB + MQTT, "utf-8")
    (tmp_path / "s.toml").write_text(SITE + AGENT + GATE, "utf-8")

    def load():
        hub = load_hub(tmp_path / "hub.toml", shipped=tmp_path)
        alarms = load_alarms(hub.alarms)
        check_categories(hub.alarms, alarms, load_catalogue(hub.cases))
        settings = read_settings(load_rules(hub.rules), alarms, directory=hub.rules)
        for path in hub.sites:
            check_site(load_site(path), load_kinds(), settings)

    return tmp_path, load


def test_the_copy_itself_is_fine(everything):
    everything[1]()


CATEGORY = """
[[category]]
id = "x"
class = "care"
name = { zh = "x", en = "x" }
priority = "P3"
level = "grid"
deadlines = { accept = "15m", handle = "4h", verify = "24h", hours = "office" }
lead = "property"
dispute = "by-law"
standard = [{ zh = "x", en = "x" }]
"""


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("hub.toml", None, "hub.toml: no such file"),
        ("hub.toml", 'data = "d\n', "hub.toml: is not TOML: Illegal character '\\n' (at line 1"),
        ("hub.toml", HUB, "hub.toml: mqtt: is missing"),
        ("hub.toml", 'sites = ["s.toml"]\n' + MQTT, "hub.toml: data: is missing"),
        ("hub.toml", HUB + "colour = 1\n" + MQTT, "hub.toml: colour: unknown key; known here: "),
        ("hub.toml", HUB + MQTT + "retries = 3\n", "hub.toml: mqtt.retries: unknown key"),
        (
            "hub.toml",
            HUB + '[mqtt]\nurl = "http://x"\n',
            "hub.toml: mqtt.url: is not of the form mqtt://host:port or mqtts://host:port",
        ),
        (
            "hub.toml",
            HUB + MQTT + '[telemetry]\nbackend = "influxdb"\n',
            "hub.toml: telemetry: backend 'influxdb' needs the url of its server",
        ),
        (
            "hub.toml",
            HUB + MQTT + '[telemetry]\ntoken_env = "A"\n',
            "hub.toml: telemetry: a url or token is of no use to backend 'sqlite'",
        ),
        (
            "hub.toml",
            HUB + MQTT + '[telemetry]\nbackend = "influxdb"\nurl = "http://a:b@c"\n',
            "hub.toml: telemetry.url: must not hold credentials; use token_file or token_env",
        ),
        (
            "hub.toml",
            HUB + '[mqtt]\nurl = "mqtt://a:b@x:1"\n',
            "hub.toml: mqtt.url: must not hold credentials; use username and password_file",
        ),
        (
            "hub.toml",
            HUB + MQTT + "[http]\nport = 70000\n",
            "hub.toml: http.port: Input should be less than or equal to 65535",
        ),
        (
            "hub.toml",
            HUB + MQTT + "[retention]\npassages_days = 5\n",
            "hub.toml: retention.passages_days: Input should be greater than or equal to 30",
        ),
        ("s.toml", None, "s.toml: no such file"),
        ("s.toml", 'id = "S!"\n' + SITE[9:], "s.toml: id: String should match pattern"),
        ("s.toml", SITE + 'colour = "red"\n', "s.toml: colour: unknown key; known here: agent, "),
        (
            "s.toml",
            SITE + AGENT + GATE.replace(', en = "Gate"', ""),
            "s.toml: agent[0].device[0].name.en: is missing",
        ),
        (
            "s.toml",
            SITE + AGENT + GATE.replace('"gate"', '"goat"'),
            "s.toml: agent[0].device[0].kind: unknown kind 'goat'; known: barrier, ",
        ),
        (
            "s.toml",
            SITE + AGENT + GATE + AGENT.replace('"a"', '"b"') + GATE,
            "s.toml: agent[1].device[0].id: 'g' is used already by agent[0].device[0]",
        ),
        ("s.toml", SITE + AGENT + AGENT, "s.toml: agent[1].id: 'a' is used already by agent[0]"),
        (
            "s.toml",
            SITE + AGENT.replace('"a"', '"hub"'),
            "s.toml: agent[0].id: 'hub' is the hub's own name",
        ),
        (
            "s.toml",
            SITE + AGENT + GATE + 'building = "b9"\n',
            "s.toml: agent[0].device[0].building: no building 'b9'",
        ),
        (
            "s.toml",
            SITE
            + '[[building]]\nid = "b"\nname = { zh = "楼", en = "B" }\nfloors = 6\n'
            + AGENT
            + GATE
            + 'building = "b"\nfloor = 7\n',
            "s.toml: agent[0].device[0].floor: 7 is not within 0..6",
        ),
        (
            "s.toml",
            SITE + AGENT + GATE + "settings = { colour = 1 }\n",
            "s.toml: agent[0].device[0].settings.colour: unknown key; known here: escape_route, ",
        ),
        (
            "s.toml",
            SITE + AGENT + GATE + "settings = { max_open_s = -1 }\n",
            "s.toml: agent[0].device[0].settings.max_open_s: Input should be greater than 0",
        ),
        (
            "s.toml",
            SITE + AGENT + GATE + 'rules = ["magic"]\n',
            "s.toml: agent[0].device[0].rules: no rule 'magic' for devices; known: barrier-arm,",
        ),
        (
            "s.toml",
            SITE + AGENT + GATE.replace('"gate"', '"water-pressure"'),
            "s.toml: agent[0].device[0].settings: needs elevation_m and protects_to_m, or low_mpa",
        ),
        (
            "s.toml",
            SITE
            + AGENT
            + GATE.replace('"gate"', '"water-pressure"')
            + "settings = { elevation_m = 0, protects_to_m = 200 }\n",
            "s.toml: agent[0].device[0].settings: pressure: low limit 2.032 MPa is not below high",
        ),
        ("rules/magic.toml", "x = 1\n", "rules/magic.toml: there is no rule 'magic'; known: "),
        ("rules/door.toml", None, "rules: holds no door.toml"),
        ("rules/door.toml", "x = 1\n", "rules/door.toml: x: unknown key; known here: grant_s, "),
        (
            "rules/door-denied.toml",
            "tries = 9\n",
            "rules/door-denied.toml: tries: Input should be less than or equal to 5",
        ),
        ("alarms/door-forced.toml", None, "rules: door: no alarm type for condition 'door-forced'"),
        (
            "alarms/again.toml",
            "door-forced",
            "alarms/door-forced.toml: id: 'door-forced' is used already in this folder",
        ),
        (
            "cases/more.toml",
            CATEGORY.replace("P3", "P9"),
            "cases/more.toml: category[0].priority: Input should be 'P0', 'P1', 'P2' or 'P3'",
        ),
        (
            "cases/more.toml",
            CATEGORY.replace("15m", "2d"),
            'cases/more.toml: category[0].deadlines.accept: is not a time such as "15m" or "4h"',
        ),
        (
            "cases/more.toml",
            CATEGORY.replace("office", "midsummer"),
            "cases/more.toml: category[0].deadlines.hours: 'midsummer' is not in this folder",
        ),
        (
            "cases/more.toml",
            CATEGORY.replace('lead = "property"', 'lead = "navy"'),
            "cases/more.toml: category[0].lead: 'navy' is not in this folder",
        ),
        (
            "cases/more.toml",
            CATEGORY + 'whistle = "joint"\n',
            "cases/more.toml: category[0].helpers: a joint call needs helpers",
        ),
        (
            "cases/more.toml",
            CATEGORY + 'helpers = ["property"]\n',
            "cases/more.toml: category[0].helpers: 'property' leads already",
        ),
        (
            "cases/more.toml",
            '[[purpose]]\nid = "police"\nname = { zh = "x", en = "x" }\n',
            "cases/purposes.toml: purpose[3].id: 'police' is used already in this folder",
        ),
        (
            "cases/12-devices.toml",
            '[[class]]\nid = "devices"\nname = { zh = "x", en = "x" }\n'
            + CATEGORY.replace('id = "x"', 'id = "other"'),
            "alarms: agent-cloned: case.category: no category 'device-fault' in the case",
        ),
    ],
)
def test_a_mistake_gives_one_line_with_file_and_key(everything, file, text, line):
    folder, load = everything
    if text is None:
        (folder / file).unlink()
    elif text == "door-forced":
        shutil.copy(folder / "alarms" / "door-forced.toml", folder / file)
    else:
        (folder / file).write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load()
    message = str(caught.value)
    assert message.startswith(f"{folder}/{line}"), message
    assert "\n" not in message


def test_a_folder_that_is_not_there(tmp_path):
    for load in (load_alarms, load_catalogue, load_rules):
        with pytest.raises(ConfigError, match="no such folder"):
            load(tmp_path / "nowhere")
        with pytest.raises(ConfigError, match=r"holds no \.toml file"):
            load(tmp_path)


def test_a_file_that_is_no_text(tmp_path):
    (tmp_path / "site.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match=r"site\.toml: cannot be read"):
        load_site(tmp_path / "site.toml")

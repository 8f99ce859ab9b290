"""The switch between peace and emergency: its data, and what it may and may not change."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hub.alerts.modes import Switch, alarm_in, begin, change_in, end, prolong
from hub.config import (
    NORMAL,
    Mode,
    Priority,
    Role,
    check_modes,
    load_alarms,
    load_catalogue,
    load_modes,
)
from hub.config.org import load_org
from hub.errors import BadRequestError, ConfigError, NotAllowedError

T0 = 1_760_000_000_000
HOUR = 3_600_000
HEAD = 'id = "x"\nname = { zh = "某", en = "x" }\ntone = "emergency"\nlongest = "1h"\n'
GUIDE = '[guide]\nzh = "做"\nen = "Do"\n'


@pytest.fixture(scope="module")
def shipped():
    configs = Path(__file__).parents[2] / "configs"
    alarms, catalogue = load_alarms(configs / "alarms"), load_catalogue(configs / "cases")
    return configs, alarms, catalogue, load_org(configs / "org")


def checked(directory, shipped):
    _, alarms, catalogue, org = shipped
    modes = load_modes(directory)
    check_modes(directory, modes, alarms=alarms, catalogue=catalogue, org=org)
    return modes


def test_the_shipped_modes_are_normal_flood_fire_and_heightened_security(shipped):
    modes = checked(shipped[0] / "modes", shipped)
    assert set(modes) == {NORMAL, "flood", "fire", "heightened"}
    for mode in modes.values():
        assert mode.guide.zh.strip()
        assert mode.guide.en.strip()
        assert mode.id == NORMAL or (mode.alarms and mode.cases)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEAD + "colour = 1\n" + GUIDE, "x.toml: colour: unknown key"),
        (HEAD.replace("1h", "2d") + GUIDE, 'x.toml: longest: is not a time such as "15m"'),
        (HEAD + GUIDE + '[alarms]\nnone = "P1"\n', "x: alarms.none: no alarm type 'none'"),
        (
            HEAD + GUIDE + '[alarms]\npressure-low = "P1"\n',
            "x: alarms.pressure-low: P0 is life safety by nature: no mode gives it or takes it",
        ),
        (HEAD + GUIDE + '[alarms]\ntailgating = "P0"\n', "x: alarms.tailgating: P0 is life safety"),
        (HEAD + GUIDE + '[[case]]\nclasses = ["q"]\n', "x: case[0].classes: no 'q' in"),
        (HEAD + GUIDE + '[[case]]\nlevel = "q"\n', "x: case[0].level: no 'q' in"),
        (HEAD + GUIDE + '[[case]]\ncall = ["q"]\n', "x: case[0].call: no 'q' in"),
        (HEAD + GUIDE + "[[case]]\ntime = 2.0\n", "x.toml: case[0].time: Input should be less"),
        (HEAD.replace('"x"', '"fire"', 1) + GUIDE, "x.toml: id: 'fire' is used already"),
        (None, "modes: id: there is no 'normal'"),
    ],
)
def test_a_mistake_in_a_mode_is_one_line_with_file_and_key(tmp_path, shipped, text, line):
    folder = tmp_path / "modes"
    shutil.copytree(shipped[0] / "modes", folder)
    if text is None:
        (folder / "normal.toml").unlink()
    else:
        (folder / "x.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        checked(folder, shipped)
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


@given(some.data())
def test_no_mode_whatever_it_says_touches_life_safety_or_lowers_a_case(data):
    """Even one that the loader would have refused."""
    alarms = [one for one in ALARMS.values() if one.priority is Priority.P0]
    alarm = data.draw(some.sampled_from(alarms))
    modes = [
        _mode(alarms={alarm.id: data.draw(some.sampled_from(list(Priority)))}) for _ in range(2)
    ]
    assert alarm_in(modes, alarm).priority is Priority.P0


def test_of_two_modes_the_more_urgent_counts():
    alarm = ALARMS["door-held-open"]
    modes = [_mode(alarms={alarm.id: "P3"}), _mode(alarms={alarm.id: "P1"})]
    assert alarm_in(modes[:1], alarm).priority is Priority.P3
    assert alarm_in(modes, alarm).priority is Priority.P1
    category = CATALOGUE.categories["flooding"]
    both = change_in(
        [_mode(case=[{"time": 0.5, "priority": "P1"}]), _mode(case=[{"time": 0.25, "level": "x"}])],
        category,
    )
    assert (both.time, both.priority, both.level) == (0.25, Priority.P1, "x")
    assert change_in([_mode(case=[{"classes": ["elevators"]}])], category) is None


def test_who_may_for_how_long_and_always_with_a_reason():
    mode = _mode(role="admin")
    asked = Switch("s", "court", "*", "x", "typhoon", T0 + HOUR, "li", T0)
    with pytest.raises(NotAllowedError, match="Takes at least"):
        begin(asked, mode, role=Role.SUPERVISOR, now=T0)
    on = begin(asked, mode, role=Role.ADMIN, now=T0)
    assert on.in_force
    assert on.covers({"b1"})
    assert on.covers(())
    for until, why in [(T0, "in the past"), (T0 + 9 * HOUR, "more than 1 hours ahead")]:
        with pytest.raises(BadRequestError, match=why):
            prolong(on, mode, until=until, role=Role.ADMIN, now=T0)
    silent = Switch("s", "court", "*", "x", "  ", T0 + HOUR, "li", T0)
    with pytest.raises(BadRequestError, match="reason"):
        begin(silent, mode, role=Role.ADMIN, now=T0)
    over = end(on, actor="li", over="gone", now=T0 + 1)
    for act in (
        lambda: end(over, actor=None, over=None, now=T0 + 2),
        lambda: prolong(over, mode, until=T0 + HOUR, role=Role.ADMIN, now=T0),
    ):
        with pytest.raises(NotAllowedError, match="over already"):
            act()


def _mode(**more):
    texts = {"zh": "某", "en": "x"}
    base = {"id": "x", "name": texts, "tone": "emergency", "longest": "1h", "guide": texts}
    return Mode.model_validate(base | more)


def _shipped():
    configs = Path(__file__).parents[2] / "configs"
    return load_alarms(configs / "alarms"), load_catalogue(configs / "cases")


ALARMS, CATALOGUE = _shipped()

"""Who watches what, who is on duty, who stands above them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from hub.config import load_site
from hub.config.org import check_covered, load_org
from hub.errors import ConfigError

CHINA = timezone(timedelta(hours=8))

TREE = """
[[level]]
id = "street"
name = { zh = "街道", en = "Street" }
[[level]]
id = "community"
name = { zh = "社区", en = "Community" }
[[level]]
id = "grid"
name = { zh = "网格", en = "Grid" }
[[post]]
id = "a"
name = { zh = "甲", en = "A" }
[[post]]
id = "b"
name = { zh = "乙", en = "B" }
[[post]]
id = "c"
name = { zh = "丙", en = "C" }
[[unit]]
id = "top"
level = "street"
name = { zh = "街道", en = "Street" }
posts = ["c"]
[[unit]]
id = "middle"
level = "community"
name = { zh = "社区", en = "Community" }
parent = "top"
sites = ["east", "west"]
posts = ["b"]
[[unit]]
id = "low"
level = "grid"
name = { zh = "网格", en = "Grid" }
parent = "top"
buildings = ["east/b1"]
"""

DESKS = """
[[desk]]
id = "main"
name = { zh = "总", en = "Main" }
unit = "middle"
sites = ["*"]
[[desk]]
id = "east-day"
name = { zh = "东", en = "East" }
unit = "middle"
sites = ["east"]
[[desk.shift]]
id = "day"
name = { zh = "白班", en = "Day" }
days = ["mon", "tue", "wed", "thu", "fri"]
from = "08:00"
to = "20:00"
roster = ["a", "b"]
[[desk.shift]]
id = "friday-night"
name = { zh = "周五夜", en = "Friday night" }
days = ["fri"]
from = "20:00"
to = "08:00"
roster = ["b"]
[[absence]]
post = "a"
from = 2026-10-01
to = 2026-10-07
substitute = "c"
"""


@pytest.fixture
def write(tmp_path):
    def make(tree=TREE, desks=DESKS):
        (tmp_path / "tree.toml").write_text(tree, encoding="utf-8")
        (tmp_path / "desks.toml").write_text(desks, encoding="utf-8")
        return tmp_path

    return make


def at(text: str) -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=CHINA)
    return int(moment.astimezone(UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("moment", "site", "desk", "roster"),
    [
        ("2026-09-30T08:00", "east", "east-day", ["a", "b"]),
        ("2026-09-30T07:59", "east", "main", []),  # nobody there: the next closest desk has it
        ("2026-09-30T20:00", "east", "main", []),
        ("2026-10-01T12:00", "east", "east-day", ["c", "b"]),  # away: the substitute's turn
        ("2026-10-09T23:00", "east", "east-day", ["b"]),
        ("2026-10-10T07:59", "east", "east-day", ["b"]),  # Friday's night lasts into Saturday
        ("2026-10-10T08:00", "east", "main", []),
        ("2026-09-30T12:00", "west", "main", []),
        ("2026-09-30T12:00", "elsewhere", "main", []),
    ],
)
def test_an_alarm_goes_to_the_closest_desk_that_is_manned(write, moment, site, desk, roster):
    org = load_org(write())
    found = org.desk_of(site, None, at(moment))
    assert found.id == desk
    assert [post.id for post in org.on_duty(found, at(moment))] == roster


def test_the_ladder_is_the_roster_then_the_tree_and_asks_nobody_twice(write):
    org = load_org(write())
    now = at("2026-09-30T12:00")
    ladder = org.ladder(org.desk_of("east", None, now), now)
    assert [post.id for post in ladder] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("place", "chain"),
    [
        (("east", "b1"), ["low", "top"]),  # no community between them: levels may be left out
        (("east", "b2"), ["middle", "top"]),
        (("west", None), ["middle", "top"]),
        (("elsewhere", None), []),
    ],
)
def test_a_place_belongs_to_the_lowest_unit_that_names_it(write, place, chain):
    assert [unit.id for unit in load_org(write()).chain_of(*place)] == chain


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('level = "grid"\n', 'level = "ward"\n', ["tree.toml", "unit[2].level", "'ward'"]),
        ('parent = "top"\nsites', 'parent = "low"\nsites', ["unit[1].parent", "does not stand"]),
        ('parent = "top"\nsites', 'parent = "moon"\nsites', ["unit[1].parent", "no unit"]),
        ('posts = ["b"]', 'posts = ["x"]', ["unit[1].posts", "no post 'x'"]),
        ('id = "b"', 'id = "a"', ["post[1].id", "used already"]),
        ('unit = "middle"', 'unit = "x"', ["desks.toml", "desk[0].unit", "no unit 'x'"]),
        ('roster = ["b"]', 'roster = ["x"]', ["desk[1].shift[1].roster", "no post 'x'"]),
        ('roster = ["b"]', "roster = []", ["desk[1].shift[1].roster"]),
        ('from = "20:00"', 'from = "29:00"', ["desk[1].shift[1].from", "time of day"]),
        ("to = 2026-10-07", "to = 2026-09-07", ["absence[0].to", "before it begins"]),
        ('substitute = "c"', 'substitute = "x"', ["absence[0]", "no post 'x'"]),
    ],
)
def test_a_mistake_is_one_line_that_names_file_and_key(write, old, new, words):
    assert old in TREE + DESKS
    folder = write(TREE.replace(old, new, 1), DESKS.replace(old, new, 1))
    with pytest.raises(ConfigError) as raised:
        load_org(folder)
    line = str(raised.value)
    assert "\n" not in line
    assert all(word in line for word in words), line


def test_a_site_without_a_desk_is_refused(write):
    org = load_org(write(desks=DESKS.replace('["*"]', '["west"]')))
    check_covered(org, {"east": ("b1",), "west": ()})
    with pytest.raises(ConfigError, match="no desk watches the site 'north'"):
        check_covered(org, {"north": ()})


def test_the_shipped_organisation_covers_the_shipped_site(configs):
    org = load_org(configs / "org")
    site = load_site(configs / "sites" / "jinxiu.toml")
    check_covered(org, {site.id: tuple(one.id for one in site.buildings)})
    now = at("2026-09-30T03:00")
    desk = org.desk_of(site.id, "b1", now)
    assert [post.id for post in org.on_duty(desk, now)] == ["control-room-night", "patrol-lead"]
    levels = [unit.level for unit in org.chain_of(site.id, "b1")]
    assert levels == ["micro-grid", "grid", "community", "street", "district"]
    levels = [unit.level for unit in org.chain_of(site.id, "b3")]
    assert levels == ["grid", "community", "street", "district"]

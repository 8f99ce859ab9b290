"""The site's plan: laid out where nothing is drawn, kept where something is, one at a time."""

import pytest

from hub.config import Role, load_site
from hub.config.plan import load_plan, plan_file
from hub.errors import ConfigError
from hub.plans import PlanFiles, check_image, lay_out
from hub.plans.layout import within
from hub.plans.written import written
from hub.rules.drawn import with_drawings
from tests import shipped
from tests.hub_api.house import SITE

PLAN = "/api/sites/court/plan"
DRAWING = "/api/sites/court/devices/cam-1/drawing"
BOX = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]
BOW = [[0.1, 0.1], [0.9, 0.9], [0.9, 0.1], [0.1, 0.9]]
FLOORS = [
    {"number": 2, "a": [0.1, 0.8], "b": [0.9, 0.8]},
    {"number": 6, "a": [0.1, 0.3], "b": [0.9, 0.3]},
]
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def png(wide, high):
    return PNG + wide.to_bytes(4, "big") + high.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"


@pytest.fixture
async def boss(house):
    return await house.person("boss", Role.ADMIN, "court")


async def test_a_site_without_a_drawing_has_a_schematic_plan_with_a_place_for_everything(
    house, boss
):
    guard = await house.person("guard", Role.GUARD, "court")
    plan = (await guard.get(PLAN)).json()
    assert (plan["source"], plan["version"], plan["editable"]) == ("made", "0", False)
    assert set(plan["places"]) == {"gate-east", "fw-1", "cam-1", "gates", "water", "cameras"}
    outline = next(one["outline"] for one in plan["buildings"] if one["id"] == "b1")
    assert within(outline, plan["places"]["fw-1"])
    assert not within(outline, plan["places"]["gate-east"])
    assert (await boss.get(PLAN)).json()["editable"]
    assert (await guard.get(f"{PLAN}/image")).status_code == 404


async def test_what_is_moved_is_there_at_once_is_kept_and_is_on_record(house, boss, tmp_path):
    moved = {"version": "0", "places": {"gate-east": [12.5, 30]}}
    answer = await boss.send("PATCH", PLAN, moved)
    assert answer.status_code == 200, answer.text
    plan = answer.json()
    assert (plan["source"], plan["places"]["gate-east"]) == ("drawn", [12.5, 30])
    assert plan["placed"] == ["gate-east"]
    assert [one["id"] for one in plan["buildings"]] == [
        "b1"
    ]  # what was laid out stays where it was
    late = await boss.send("PATCH", PLAN, moved)
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    back = {"version": plan["version"], "places": {"gate-east": None}}
    assert (await boss.send("PATCH", PLAN, back)).json()["placed"] == []
    again = PlanFiles(
        house.services.plans.files.of("court").path.parent,
        [house.services.plans.files.site("court")],
    )
    assert again.of("court").plan == house.services.plans.files.of("court").plan
    trail = (await boss.get("/api/audit", params={"site": "court"})).json()["items"]
    told = [(one["action"], one["outcome"]) for one in trail if one["action"] == "plan.change"]
    assert sorted(told) == [("plan.change", "begun")] * 3 + [
        ("plan.change", "conflict"),
        ("plan.change", "ok"),
        ("plan.change", "ok"),
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"places": {"no-such": [1, 1]}}, "places.no-such"),
        ({"places": {"gate-east": [19_000, 1]}}, "places.gate-east"),
        ({"buildings": {"b9": [[1, 1], [5, 1], [5, 5]]}}, "building[1].id"),
        ({"buildings": {"b1": [[1, 1], [9, 9], [9, 1], [1, 9]]}}, "building[0].outline"),
    ],
)
async def test_what_does_not_fit_the_site_is_refused_and_nothing_changes(boss, change, field):
    answer = await boss.send("PATCH", PLAN, {"version": "0", **change})
    assert answer.status_code == 422, answer.text
    assert [one["field"] for one in answer.json()["errors"]] == [field]
    assert (await boss.get(PLAN)).json()["version"] == "0"


async def test_a_drawing_is_kept_for_the_rules_from_the_next_start_on(house, boss):
    first = (await boss.get(DRAWING)).json()
    assert (first["sort"], first["saved"], first["waits"]) == ("facade", False, False)
    drawing = {"polygon": BOX, "masks": [BOX], "floors": FLOORS, "privacy": [BOX]}
    asked = {"version": first["version"], "drawing": drawing}
    tried = await boss.send("PUT", DRAWING, asked | {"try_only": True})
    assert tried.json()["saved"] is False
    kept = (await boss.send("PUT", DRAWING, asked)).json()
    assert (kept["saved"], kept["waits"], kept["agent"]) == (True, True, "cameras")
    assert kept["mask_line"] == "mask = [[[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]]"
    files = PlanFiles(
        house.services.plans.files.of("court").path.parent,
        [house.services.plans.files.site("court")],
    )
    read = with_drawings(house.services.plans.files.site("court"), files.of("court").plan, "x")
    facade = read.device("cam-1").settings["facade"]
    assert [line["number"] for line in facade["floors"]] == [2, 6]
    only_privacy = drawing | {"privacy": []}
    again = await boss.send("PUT", DRAWING, {"version": kept["version"], "drawing": only_privacy})
    assert again.json()["mask_line"] == "mask = []"


@pytest.mark.parametrize(
    ("drawing", "fields"),
    [
        ({"polygon": BOW}, ["polygon"]),
        ({"masks": [BOX, BOW], "privacy": [BOW]}, ["masks[1]", "privacy[0]"]),
        ({"floors": FLOORS[:1]}, ["floors"]),
        ({"floors": [FLOORS[0], FLOORS[0] | {"number": 3}]}, ["floors"]),
    ],
)
async def test_each_shape_that_cannot_be_kept_is_named(boss, drawing, fields):
    for only in (True, False):
        asked = {"version": "0", "drawing": drawing, "try_only": only}
        answer = await boss.send("PUT", DRAWING, asked)
        assert (answer.status_code, answer.json()["code"]) == (422, "bad-drawing"), answer.text
        assert [one["field"] for one in answer.json()["errors"]] == fields
    assert (await boss.get(DRAWING)).json()["saved"] is False


async def test_nothing_is_drawn_over_a_gate(boss):
    assert (await boss.get("/api/sites/court/devices/gate-east/drawing")).status_code == 404


def test_the_shipped_plan_reads_as_it_is_written(tmp_path):
    site = load_site(shipped.CONFIGS / "sites" / "jinxiu.toml")
    plan = load_plan(plan_file(site), site)
    file = tmp_path / "again.toml"
    file.write_text(written(plan), encoding="utf-8")
    assert load_plan(file, site) == plan
    layout = lay_out(site, plan)
    assert {"b1", "b2", "b3"} == set(layout.buildings)
    everything = {one.id for _, one in site.devices()} | {one.id for one in site.agents}
    assert set(layout.places) == everything


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[places]\ngate-east = [1, 1]", "size: is missing"),
        ("size = [1]", "width and height in metres"),
        ("size = [9, 9]\n[places]\nnone = [1, 1]", "places.none: no such device or agent"),
        ("size = [9, 9]\n[places]\ngate-east = [10, 1]", "outside the plan of 9 by 9 m"),
        ('size = [9, 9]\n[[area]]\nkind = "lawn"', "area[0]: says exactly one of"),
        ('size = [9, 9]\nimage = "../x.png"', "image: "),
        ('size = [9, 9]\nimage = "x.svg"', "image: "),
        ("[drawing.no-such]\nmasks = []", "drawing.no-such: no such device"),
    ],
)
def test_a_mistake_in_a_plans_file_gives_one_line(tmp_path, text, line):
    site = a_site(tmp_path)
    plan_file(site).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        PlanFiles(tmp_path / "plans", [site])
    assert line in str(caught.value)
    assert str(caught.value).startswith(str(plan_file(site)))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (png(900, 600), None),
        (png(600, 900), "not the shape"),
        (png(30_000, 20_000), "12000 a side"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "neither a PNG nor a JPEG"),
        (None, "cannot be read"),
    ],
)
def test_the_picture_of_a_plan_is_looked_at_before_it_is_shown(tmp_path, data, problem):
    site = a_site(tmp_path)
    plan_file(site).write_text('size = [90, 60]\nimage = "court.png"', encoding="utf-8")
    if data is not None:
        (tmp_path / "court.png").write_bytes(data)
    plan = load_plan(plan_file(site), site)
    if problem is None:
        check_image(site, plan, plan_file(site))
        return
    with pytest.raises(ConfigError, match=problem):
        check_image(site, plan, plan_file(site))


def test_a_drawing_that_the_rules_refuse_names_the_plans_file(tmp_path):
    site = a_site(tmp_path)
    line = "floors = [{ number = 1, a = [0, 0], b = [1, 0] }]"
    plan_file(site).write_text(f"[drawing.cam-1]\n{line}", encoding="utf-8")
    plan = load_plan(plan_file(site), site)
    with pytest.raises(ConfigError, match=r"drawing\.cam-1\.floors: two lines"):
        with_drawings(site, plan, plan_file(site))


def a_site(folder):
    file = folder / "court.toml"
    file.write_text(SITE.format(site="court"), encoding="utf-8")
    return load_site(file)


def test_what_was_drawn_for_things_that_left_the_site_holds_up_no_start(tmp_path):
    site = a_site(tmp_path)
    drawn = tmp_path / "plans" / "court.toml"
    drawn.parent.mkdir()
    drawn.write_text(
        "size = [9, 9]\n[places]\ngate-east = [1, 1]\ngone = [2, 2]\n[drawing.gone]\nmasks = []\n",
        encoding="utf-8",
    )
    kept = PlanFiles(drawn.parent, [site]).of("court")
    assert kept.source == "drawn"
    assert set(kept.plan.places) == {"gate-east"}
    assert not kept.plan.drawings

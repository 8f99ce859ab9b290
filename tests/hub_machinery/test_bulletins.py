"""Weekly reports and monthly notices: made once when due, kept as they were, drawn on paper."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.bulletins.compiling import Compiler, areas_of
from hub.bulletins.figures import Figures
from hub.bulletins.making import BulletinMaker
from hub.bulletins.page import MARGIN, Paper
from hub.bulletins.pdf import Head, render
from hub.config import BulletinConfig, load_modes
from hub.config.org import load_org
from hub.store.schema import bulletin, report
from tests.hub_machinery.estate import SITE, T0, a_line
from tests.hub_machinery.months import DAY, fill
from tests.shipped import CONFIGS

HOUR = 3_600_000


class Clock:
    now = T0


@pytest.fixture(scope="module")
def line(tmp_path_factory):
    """One for all: no test takes anything away."""
    with a_line(tmp_path_factory.mktemp("bulletins")) as one:
        fill(one, T0, 10, per_day=2)
        yield one


def maker(line, clock):
    compiler = Compiler(
        catalogue=line.catalogue,
        org=load_org(CONFIGS / "org"),
        registry=line.registry,
        modes=load_modes(CONFIGS / "modes"),
        areas=areas_of([line.site]),
    )
    return BulletinMaker(
        compiler=compiler,
        config=BulletinConfig(),
        reader=line.store.reader,
        writer=line.writer,
        now=lambda: clock.now,
    )


def monday_at(hour, after):
    """The next Monday in China at an hour, ms."""
    local = datetime.fromtimestamp(after / 1000, UTC) + timedelta(hours=8)
    day = local.replace(hour=0, minute=0, second=0, microsecond=0)
    day += timedelta(days=(-day.weekday()) % 7 or 7)
    return round(((day + timedelta(hours=hour - 8)).timestamp()) * 1000)


async def test_a_week_is_reported_once_at_its_hour_also_when_the_hub_was_down(line):
    clock = Clock()
    due = monday_at(8, T0 + 10 * DAY)
    clock.now = due - 60_000
    for _ in range(2):
        await maker(line, clock).make_due()
    before = {row["since"] for row in line.rows(bulletin) if row["kind"] == "weekly"}
    line.restart()
    clock.now = due + 30 * HOUR
    for _ in range(3):
        await maker(line, clock).make_due()
    weekly = [row for row in line.rows(bulletin) if row["kind"] == "weekly"]
    new = [row for row in weekly if row["since"] not in before]
    assert len(new) == 1
    assert new[0]["until"] == due - 8 * HOUR
    assert new[0]["until"] - new[0]["since"] == 7 * DAY
    assert new[0]["made_by"] is None


async def test_figures_are_kept_as_they_were_and_every_case_is_counted_once(line):
    clock = Clock()
    clock.now = T0 + 10 * DAY
    made = maker(line, clock)
    name = await made.make(SITE, "monthly", by="chen")
    (row,) = line.rows(bulletin, bulletin.c.id == name)
    figures = Figures.model_validate(row["figures"])
    total = figures.score.opened
    assert total == sum(bar.count for bar in figures.bars) > 0
    assert total == sum(one.count for one in figures.sources)
    assert total == sum(one.score.opened for one in figures.departments)
    assert [unit.id for unit in figures.units][-1] == "community"
    assert row["made_by"] == "chen"
    fill(line, T0 + 10 * DAY, 1, seed=9)
    (again,) = line.rows(bulletin, bulletin.c.id == name)
    assert again["figures"] == row["figures"]


async def test_a_time_without_a_case_gets_none(tmp_path):
    with a_line(tmp_path) as line:
        clock = Clock()
        assert await maker(line, clock).make_due() == 0
        assert line.rows(bulletin) == []


def test_who_complains_is_kept_as_a_keyed_hash_alone(line):
    people = {row["person"] for row in line.rows(report)}
    assert 1 < len(people) <= 7
    assert all(len(person) == 16 for person in people)
    assert "13800138" not in str(line.rows(report))


@pytest.mark.parametrize("kind", ["weekly", "monthly"])
async def test_both_are_drawn_in_both_languages_and_name_no_person(line, kind):
    clock = Clock()
    clock.now = T0 + 10 * DAY
    name = await maker(line, clock).make(SITE, kind, by="chen")
    (row,) = line.rows(bulletin, bulletin.c.id == name)
    figures = Figures.model_validate(row["figures"])
    people = {one["person"] for one in line.rows(report)}
    assert not [person for person in people if person in str(row["figures"])]
    drawn = {}
    for language in ("zh", "en"):
        drawn[language] = render(Head(kind, clock.now, "1"), figures, language)
        assert drawn[language].startswith(b"%PDF-")
        assert drawn[language].rstrip().endswith(b"%%EOF")
    assert b"STSong-Light" in drawn["zh"]
    assert drawn["zh"] != drawn["en"]


def test_a_line_is_broken_within_its_width_in_both_scripts():
    paper = Paper("x", author="x")
    text = "3号楼 2 单元 stairwell blocked 楼道堆物被反映 5 次，仍有 1 件未结。" * 4
    lines = paper.lines(text, 10, 200)
    assert len(lines) > 4
    assert all(paper.width(line, 10) <= 200 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    cut = paper.cut(text, 10, 100)
    assert cut.endswith("…")
    assert paper.width(cut, 10) <= 100
    assert MARGIN > 0

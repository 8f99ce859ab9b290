"""Two months of cases on a line, seeded, for what is told of many cases together."""

import random

from hub.config import Role
from hub.pipeline import CaseAct, OpenCase
from hub.pipeline.acts import ReportCase
from hub.store.schema import case_
from hub.store.write.reports import ReportKey
from tests.hub_machinery.estate import SITE, done
from wire import Text

HOUR = 3_600_000
DAY = 24 * HOUR
CATEGORIES = {
    "fire-lane": 9, "flooding": 6, "renovation-noise": 8, "garbage": 6, "illegal-parking": 7,
    "elevator-fault": 4, "leak-from-above": 3, "street-lamp": 2, "pests": 2,
}  # fmt: skip


def fill(line, begin, days, *, seed=7, per_day=3):
    """Cases of `days` days, with their steps, in the order of time."""
    draw = random.Random(seed)
    steps = []
    for day in range(days):
        for _ in range(per_day):
            at = begin + day * DAY + round(draw.random() * DAY)
            steps.append((at, len(steps), "open", None))
    line_cases = {}
    while steps:
        steps.sort(key=lambda one: (one[0], one[1]))
        at, key, what, case = steps.pop(0)
        if what == "open":
            case = _open(line, draw, at, key)
            line_cases[key] = case
            later = at + round(draw.choice([1, 1, 1, 2, 9]) * HOUR * draw.random())
            steps.append((later, key, "take", case))
        elif what == "take":
            _act(line, case, "take", at)
            late = draw.random() < 0.2
            steps.append((at + round(HOUR * (30 if late else draw.random())), key, "report", case))
        elif what == "report" and draw.random() < 0.9:
            _tick(line, at)
            _meet_standard(line, case, at)
            kind = draw.choice(["resolved", "resolved", "resolved", "false-alarm", "persuaded"])
            _act(line, case, "report", at, resolution=kind, note="done", without="not needed")
            steps.append((at + HOUR, key, "close", case))
        elif what == "close":
            _act(line, case, "close", at)
            if draw.random() < 0.1:
                _act(line, case, "reopen", at + 1, note="came back")
            elif draw.random() < 0.6:
                _act(line, case, "assess", at + 1, note="fine")
                _act(line, case, "rate", at + 2, rating=draw.choice([5, 5, 4, 4, 3, 2]))
    return line_cases


def _open(line, draw, at, key):
    (category,) = draw.choices(list(CATEGORIES), list(CATEGORIES.values()))
    place = f"{draw.randint(1, 3)}号楼" if draw.random() < 0.5 else None
    title = Text(zh="住户反映", en="A complaint")
    device = "fw-1" if place is None and draw.random() < 0.5 else None
    act = OpenCase(SITE, category, title, "li", "seen", device, place and Text.plain(place))
    if draw.random() < 0.4:
        person = f"1380013800{draw.randint(0, 6)}"
        act = ReportCase(act, ReportKey("m" * 16, f"key-{at}-{key}", "0" * 64), person=person)
    return done(line.pipeline.act(act, at))


def _act(line, case, action, at, **more):
    done(line.pipeline.act(CaseAct(SITE, case, action, "chen", Role.SUPERVISOR, **more), at))


def _meet_standard(line, case, at):
    """Every line of the closing standard is ticked, where it is not from before a reopening.

    Photos are only counted: what they show is nothing to this test, and pictures take long.
    """
    with line.store.reader.connect() as connection:
        row = connection.execute(case_.select().where(case_.c.id == case)).one()
    ticked = {one["item"] for one in row.ticks or ()}
    standard = line.catalogue.categories[row.category].standard
    if any(one.photos for one in standard):
        brought = case_.update().where(case_.c.id == case).values(photos_before=1, photos_after=1)
        done(line.writer.submit(5, lambda connection: connection.execute(brought)))
    for one in standard:
        if one.id not in ticked and not one.photos:
            _act(line, case, "tick", at, item=one.id)


def _tick(line, at):
    done(line.pipeline.tick(at))

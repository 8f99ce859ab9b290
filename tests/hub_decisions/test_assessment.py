"""What many cases say together, decided without I/O."""

import pytest

from hub.bulletins.figures import Hot, MatterOf, Part, ScoreOf
from hub.bulletins.notes import notes
from hub.cases.assessment import (
    WEEK_MS,
    Fact,
    by_span,
    complainants,
    matters,
    score,
    scores,
)
from wire import Text

T0 = 1_760_000_000_000
HOUR = 3_600_000


def fact(number, **more):
    base = {
        "id": f"c{number}",
        "number": f"20260131-{number:03}",
        "category": "fire-lane",
        "source": "person",
        "device": None,
        "place": Text(zh="1号楼", en="Building 1"),
        "opened_at": T0 + number * HOUR,
        "closed_at": T0 + (number + 2) * HOUR,
        "resolution": "resolved",
        "rating": None,
        "late": False,
        "reopened": 0,
    }
    return Fact(**base | more)


def test_a_score_counts_on_time_and_false_alarms_of_the_closed_alone():
    facts = [
        fact(1, rating=5),
        fact(2, late=True, rating=2),
        fact(3, resolution="false-alarm"),
        fact(4, closed_at=None, resolution=None, late=True, reopened=2),
    ]
    own = score(facts)
    assert (own.opened, own.closed, own.open_now, own.reopened) == (4, 3, 1, 1)
    assert (own.on_time, own.false_alarms) == (0.6667, 0.3333)
    assert (own.rated, own.ratings, own.hours) == (3.5, 2, 2.0)


def test_of_nothing_no_share_is_told():
    own = score([])
    assert (own.on_time, own.false_alarms, own.rated, own.hours) == (None, None, None, None)


def test_one_matter_is_a_place_and_a_category_and_no_alarm():
    facts = [
        *(fact(number) for number in range(3)),
        *(fact(number, category="garbage") for number in range(2)),
        *(fact(number, source="alarm", category="tailgating") for number in range(9)),
        *(fact(number, place=None) for number in range(9)),
    ]
    (found,) = matters(facts)
    assert (found.place.zh, found.category, found.count) == ("1号楼", "fire-lane", 3)
    assert found.cases == ("c2", "c1", "c0")


def test_one_person_with_many_complaints_is_known_by_a_pseudonym_alone():
    facts = [fact(number, person="p" * 16, category=f"k{number % 2}") for number in range(5)]
    facts += [fact(9, person="q" * 16), fact(10)]
    (found,) = complainants(facts)
    assert (found.person, found.count, found.categories) == ("p" * 16, 5, {"k0": 3, "k1": 2})


def test_weeks_are_counted_from_their_beginning_to_the_next():
    spans = [T0, T0 + WEEK_MS]
    edges = [T0 - 1, T0, T0 + WEEK_MS - 1, T0 + WEEK_MS, T0 + 2 * WEEK_MS]
    facts = [fact(0, opened_at=at) for at in edges]
    assert by_span(facts, spans, T0 + 2 * WEEK_MS) == {"fire-lane": [2, 1]}


def test_groups_leave_out_what_has_no_key_and_put_the_most_first():
    facts = [fact(1), fact(2, category="garbage"), fact(3, category="garbage")]
    found = scores(facts, lambda one: None if one.number.endswith("1") else one.category)
    assert list(found) == ["garbage"]


def part(**more):
    base = score([fact(number) for number in range(4)])
    values = ScoreOf.of(base).model_dump() | more
    return Part(id="g", name=Text(zh="一网格", en="Grid 1"), level=None, score=ScoreOf(**values))


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"on_time": 0.5, "closed": 4}, "按时办结率 50%"),
        ({"on_time": 0.5, "closed": 2}, None),
        ({"rated": 2.5, "ratings": 3}, "满意度 2.5"),
        ({"rated": 2.5, "ratings": 1}, None),
    ],
)
def test_a_few_cases_accuse_nobody(more, says):
    total = ScoreOf.of(score([fact(1)]))
    found = notes(total, [], [], [part(**more)])
    assert (says is None) == (found == [])
    assert says is None or says in found[0].zh


def test_what_rose_and_what_comes_again_is_named_the_most_pressing_first():
    name = Text(zh="堵塞", en="Blocked")
    hot = [Hot(category="x", name=name, count=6, before=3, trend=[])]
    matter = MatterOf(
        place=name, category="x", name=name, count=4, open_now=0, last_at=T0, cases=[]
    )
    found = notes(ScoreOf.of(score([])), hot, [matter], [])
    assert [one.en for one in found] == [
        "Blocked: Blocked, 4 reports; all closed.",
        "Blocked rose from 3 to 6.",
    ]

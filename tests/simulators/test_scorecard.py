import pytest

from simulators.ledger import Hold, Truth
from simulators.matching import Seen
from simulators.scorecard import Run, Stored, percentile, score

RUN = Run("demo", 1, wall_s=60.0, sim_s=60.0)
LOW = Truth("pressure-low", "p1", at=10_000, shown=100.0)
FORCED = Truth("door-forced", "g1", at=20_000, shown=110.0)
HELD = Truth("door-held-open", "g2", at=30_000, shown=120.0)
STRUCK = Truth("barrier-struck", "b1", at=40_000, shown=130.0)
TAIL = Truth("tailgating", "b2", at=50_000, shown=140.0)
TRUTHS = (LOW, FORCED, HELD, STRUCK, TAIL)
SEEN = (
    Seen("pressure-low", "p1", 10_500, 101.2),
    Seen("door-forced", "g1", 20_010, 110.3),
    Seen("door-held-open", "g2", 30_000, 120.4),
    Seen("barrier-struck", "b1", 40_000, 130.5),
    Seen("tailgating", "b2", 50_200, 140.6),
)
RECORDS = {"g1": ["a-1", "a-2"], "g2": ["b-1"]}
STORED = Stored(13, RECORDS)


def graded(run=RUN, *, truths=TRUTHS, records=RECORDS, answered=10, stored=STORED, **more):
    more = {"seen": SEEN} | more
    return score(run, truths=truths, records=records, answered=answered, stored=stored, **more)


def event(report, kind):
    return next(one for one in report["events"] if one["kind"] == kind)


def test_clean_run_passes_and_has_exactly_the_documented_shape():
    assert graded() == {
        "scenario": "demo",
        "seed": 1,
        "wall_s": 60.0,
        "sim_s": 60.0,
        "passed": True,
        "observations": {
            "generated": 13,
            "stored": 13,
            "lost": 0,
            "duplicated": 0,
            "dropped": {},
        },
        "events": [
            {
                "kind": kind,
                "truth": 1,
                "detected": 1,
                "missed": 0,
                "false": 0,
                "latency_s": {"p50": seconds, "p99": seconds, "max": seconds},
            }
            for kind, seconds in [
                ("pressure-low", 1.2),
                ("door-forced", 0.3),
                ("door-held-open", 0.4),
                ("barrier-struck", 0.5),
                ("tailgating", 0.6),
            ]
        ]
        + [
            {
                "kind": kind,
                "truth": 0,
                "detected": 0,
                "missed": 0,
                "false": 0,
                "latency_s": {"p50": None, "p99": None, "max": None},
            }
            for kind in (
                "camera-blind",
                "camera-moved",
                "ebike-in-elevator",
                "falling-object",
                "drifting-object",
            )
        ],
    }


@pytest.mark.parametrize(
    ("seen", "kind", "missed", "false"),
    [
        pytest.param(SEEN[1:], "pressure-low", 1, 0, id="missed"),
        pytest.param(
            (*SEEN, Seen("door-forced", "g9", 20_000, 110.2)),
            "door-forced",
            0,
            1,
            id="false-on-another-device",
        ),
        pytest.param((*SEEN, SEEN[1]), "door-forced", 0, 1, id="doubled"),
        pytest.param(
            (SEEN[0], Seen("door-forced", "g1", 31_000, 110.3), *SEEN[2:]),
            "door-forced",
            1,
            1,
            id="at-the-wrong-time",
        ),
        pytest.param(
            (SEEN[0], Seen("door-forced", "g1", 20_000, 112.1), *SEEN[2:]),
            "door-forced",
            0,
            0,
            id="later-than-two-seconds",
        ),
    ],
)
def test_each_fault_in_detection_fails_the_run(seen, kind, missed, false):
    report = graded(seen=seen)
    assert not report["passed"]
    assert (event(report, kind)["missed"], event(report, kind)["false"]) == (missed, false)


@pytest.mark.parametrize(
    ("stored", "lost", "duplicated"),
    [
        pytest.param(Stored(12, {"g1": ["a-1"], "g2": ["b-1"]}), 1, 0, id="record-lost"),
        pytest.param(Stored(12, RECORDS), 1, 0, id="reading-lost"),
        pytest.param(
            Stored(14, {"g1": ["a-1", "a-2", "a-2"], "g2": ["b-1"]}), 0, 1, id="record-twice"
        ),
        pytest.param(Stored(14, RECORDS), 0, 1, id="reading-twice"),
        pytest.param(
            Stored(13, {"g1": ["a-1", "a-1"], "g2": ["b-1"]}), 1, 1, id="one-lost-one-twice"
        ),
        pytest.param(
            Stored(13, {"g1": ["a-1", "x-9"], "g2": ["b-1"]}), 1, 1, id="record-nobody-wrote"
        ),
    ],
)
def test_each_fault_in_storage_fails_the_run(stored, lost, duplicated):
    report = graded(stored=stored)
    assert not report["passed"]
    assert report["observations"]["lost"] == lost
    assert report["observations"]["duplicated"] == duplicated


def test_declared_drops_are_not_lost_but_shown():
    report = graded(stored=Stored(11, RECORDS, {"telemetry": 2, "event": 0}))
    assert report["passed"]
    assert report["observations"]["lost"] == 0
    assert report["observations"]["dropped"] == {"telemetry": 2}


def test_run_in_which_nothing_was_generated_does_not_pass():
    assert not graded(truths=(), seen=(), records={}, answered=0, stored=Stored(0, {}))["passed"]


def test_run_with_fewer_truths_than_its_scenario_promises_does_not_pass():
    promised = Run("demo", 1, 60.0, 60.0, expected={"door-forced": 2})
    assert not graded(promised)["passed"]


@pytest.mark.parametrize("condition", ["door-denied-repeatedly", "door-forced"])
def test_any_alert_at_all_fails_a_quiet_day(condition):
    quiet = Run("quiet-day", 1, 60.0, 60.0, nothing_may_alarm=True)
    assert graded(quiet, truths=(), seen=())["passed"]
    report = graded(quiet, truths=(), seen=(Seen(condition, "g1", 1, 1.0),))
    assert not report["passed"]
    assert event(report, condition)["false"] == 1


def test_truth_on_a_quiet_day_fails_it_even_when_detected():
    quiet = Run("quiet-day", 1, 60.0, 60.0, nothing_may_alarm=True)
    assert not graded(quiet)["passed"]


def test_other_conditions_are_not_scored_on_an_eventful_day():
    extra = Seen("door-denied-repeatedly", "g1", 1, 1.0)
    assert graded(seen=(*SEEN, extra))["passed"]


def test_two_truths_on_one_device_need_two_alerts():
    again = Truth("door-forced", "g1", at=24_000, shown=114.0)
    one = graded(truths=(*TRUTHS, again))
    assert event(one, "door-forced")["missed"] == 1
    both = graded(truths=(*TRUTHS, again), seen=(*SEEN, Seen("door-forced", "g1", 24_000, 114.2)))
    assert both["passed"]


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [([1.0], 50, 1.0), ([1.0, 2.0, 3.0, 4.0], 50, 2.0), (list(range(1, 101)), 99, 99)],
)
def test_percentile_is_the_nearest_rank(values, percent, expected):
    assert percentile(values, percent) == expected


@pytest.mark.parametrize(("after_s", "passed"), [(29.0, True), (31.0, False)])
def test_a_blind_camera_has_half_a_minute_to_be_found(after_s, passed):
    truth = Truth("camera-blind", "cam-1", 50_000, 150.0)
    alert = Seen("camera-blind", "cam-1", 66_000, 150.0 + after_s)
    report = graded(truths=(*TRUTHS, truth), seen=(*SEEN, alert))
    assert event(report, "camera-blind")["detected"] == 1
    assert report["passed"] is passed


BIKE = Truth("ebike-in-elevator", "lift-1", at=60_000, shown=150.0)
BIKE_SEEN = Seen("ebike-in-elevator", "lift-1", 60_500, 151.0)


@pytest.mark.parametrize(
    ("holds", "passed", "figures"),
    [
        ([Hold("lift-1", 61_000, 71_500)], True, (1, 0, 0, 10.5, 0.0)),
        (
            [Hold("lift-1", 61_000, 71_500), Hold("lift-2", 61_000, 65_000)],
            True,
            (2, 1, 0, 10.5, 4.0),
        ),
        ([Hold("lift-1", 200_000, 203_000)], True, (1, 1, 0, 3.0, 3.0)),
        ([Hold("lift-1", 61_000, None)], False, (1, 0, 1, 0.0, 0.0)),
        ([Hold("lift-1", 61_000, 184_000)], False, (1, 0, 0, 123.0, 0.0)),
    ],
    ids=["for-a-bike", "one-for-nothing", "long-after-it", "never-let-go", "beyond-any-lease"],
)
def test_doors_that_were_held_are_told_and_must_be_let_go(holds, passed, figures):
    report = graded(truths=(*TRUTHS, BIKE), seen=(*SEEN, BIKE_SEEN), holds=holds)
    assert report["passed"] is passed
    names = ("count", "for_nothing", "open", "longest_s", "longest_for_nothing_s")
    assert tuple(report["holds"][name] for name in names) == figures

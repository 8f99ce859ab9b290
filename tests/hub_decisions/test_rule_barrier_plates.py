"""What is made of plates: those that were probably misread, and those that come twice."""

import pytest

MISREAD, IN_AGAIN, OUT_AGAIN = "plate-misread", "in-without-out", "out-without-in"
CAR, OTHER = "a1" * 32, "b2" * 32


@pytest.fixture
def camera(bench):
    return bench("barrier-plate", "barrier-in")


@pytest.mark.parametrize(
    ("signals", "flagged"),
    [
        ({"confidence": 97.0, "plate_grammar": "ok"}, False),
        ({"confidence": 75.0, "plate_grammar": "ok"}, False),
        ({"confidence": 74.9, "plate_grammar": "ok"}, True),
        ({"confidence": 97.0, "plate_grammar": "odd"}, True),
        ({"plate_grammar": "ok"}, False),
        ({"plate_grammar": "odd"}, True),
        ({}, False),
    ],
)
def test_reading_is_flagged_for_doubt_or_form(camera, signals, flagged):
    camera.say(1, event="seen", plate=CAR, **signals)
    assert camera.seen() == ([(MISREAD, True, 1)] if flagged else [])


def test_vehicle_without_a_plate_and_other_events_say_nothing(camera):
    before = camera.state
    camera.say(1, event="seen", confidence=3.0)
    camera.say(2, event="passed", plate=CAR, plate_grammar="odd")
    camera.say(3, event="state")
    assert camera.state == before


def test_a_few_in_a_row_are_one_alarm_that_ends_by_itself(camera):
    for at in (0, 30, 80):
        camera.say(at, event="seen", plate=CAR, plate_grammar="odd", confidence=91.0)
    camera.say(90, event="seen", plate=OTHER, plate_grammar="ok", confidence=99.0)
    assert [one.detail for one in camera.findings][-1] == {
        "confidence": 91.0,
        "grammar": "odd",
        "readings": 3,
    }
    assert camera.until(140).seen()[-1] == (MISREAD, False, 140)
    assert [active for _, active, _ in camera.seen()] == [True, True, True, False]


@pytest.fixture
def lanes(bench):
    rig = bench("barrier-visits", "barrier-in")

    def go(at, way, plate=CAR, **more):
        signals = {"event": "passed", "plate_grammar": "ok", "plate": plate, "direction": way}
        return rig.say(at, device=f"barrier-{way}", **(signals | more))

    rig.go = go
    return rig


def test_in_and_out_and_in_again_is_ordinary_life(lanes):
    for at, way in ((0, "in"), (3600, "out"), (7200, "in"), (9000, "out")):
        lanes.go(at, way)
    assert lanes.seen() == []


def test_in_without_out_names_the_lane_and_the_time_before(lanes):
    lanes.go(0, "in")
    lanes.go(3600, "in")
    assert lanes.seen() == [(IN_AGAIN, True, 3600)]
    (found,) = lanes.findings
    assert (found.device, found.detail) == ("barrier-in", {"previous_at": lanes.start})
    assert lanes.until(3660).seen()[1:] == [(IN_AGAIN, False, 3660)]


def test_out_without_in(lanes):
    lanes.go(0, "out")
    lanes.go(3600, "out")
    assert lanes.seen() == [(OUT_AGAIN, True, 3600)]
    assert lanes.findings[0].device == "barrier-out"


def test_plate_that_was_never_seen_proves_nothing(lanes):
    lanes.go(0, "out")
    lanes.go(10, "in", OTHER)
    assert lanes.until(100).seen() == []


def test_two_cars_do_not_mix(lanes):
    for at, plate in ((0, CAR), (200, OTHER)):
        lanes.go(at, "in", plate)
    assert lanes.seen() == []


def test_backing_up_and_coming_again_is_one_visit(lanes):
    lanes.go(0, "in")
    lanes.go(100, "in")
    assert lanes.seen() == []


@pytest.mark.parametrize(
    "more",
    [
        {"plate_grammar": "odd"},
        {"plate_grammar": None},
        {"plate": None},
        {"direction": "up"},
        {"event": "seen"},
    ],
)
def test_what_is_doubtful_counts_for_nothing(lanes, more):
    before = lanes.state
    lanes.go(0, "in", **more) if "plate" not in more else lanes.say(0, event="passed", **more)
    assert lanes.state == before


def test_lane_that_does_not_say_its_way_has_the_site_files(lanes):
    for at in (0, 3600):
        lanes.say(at, device="barrier-out", event="passed", plate=CAR, plate_grammar="ok")
    assert lanes.seen() == [(OUT_AGAIN, True, 3600)]


def test_older_report_than_the_newest_changes_nothing(lanes):
    lanes.go(1000, "out")
    before = lanes.state
    lanes.go(500, "out", received=1001)
    assert lanes.state == before


def test_what_is_long_ago_proves_nothing(lanes):
    lanes.go(0, "in")
    lanes.go(15 * 86_400, "in")
    assert lanes.seen() == []


def test_late_contradiction_is_found_late(lanes):
    lanes.go(0, "in")
    lanes.go(3600, "in", received=9000, late=True)
    assert [(one.condition, one.late) for one in lanes.findings] == [(IN_AGAIN, True)]
    assert [one.late for one in lanes.until(10_000).findings] == [True, True]


def test_memory_is_bounded_and_the_oldest_goes_first(lanes):
    limit = lanes.rule.remember
    for number in range(limit + 50):
        lanes.go(number, "in", f"{number:064x}"[::-1])
    assert len(lanes.state.visits) == limit
    assert lanes.state.visits[0].at == lanes.ms(50)


def test_no_plate_hash_gets_into_a_finding(lanes):
    lanes.go(0, "in")
    lanes.go(3600, "in")
    assert all(CAR[:8] not in str(one) for one in lanes.findings)

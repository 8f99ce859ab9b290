import pytest

from hub.rules import Reading
from hub.traces import Passage, PassageResult, passage_of
from wire.kinds import load

GATE, GAUGE, BARRIER = load()["gate"], load()["water-pressure"], load()["barrier"]
HASH = "0a" * 32


def reading(**signals):
    return Reading("s", "gate-east", "gate", 1000, 1500, signals)


def test_a_grant_with_all_that_is_known():
    told = reading(event="granted", credential="h:9f", method="card", direction="in")
    assert passage_of(told, 7, GATE) == Passage(
        observation=7,
        site="s",
        device="gate-east",
        at=1000,
        received_at=1500,
        result=PassageResult.GRANTED,
        direction="in",
        method="card",
        subject="h:9f",
    )


@pytest.mark.parametrize(
    ("signals", "result", "direction", "reason"),
    [
        ({"event": "denied", "reason": "expired"}, "denied", None, "expired"),
        ({"event": "exit-button"}, "exit", "out", None),
        ({"event": "remote-open"}, "remote", None, None),
        ({"event": "granted", "direction": None, "reason": 3.0}, "granted", None, None),
    ],
)
def test_results(signals, result, direction, reason):
    passage = passage_of(reading(**signals), 1, GATE)
    assert passage is not None
    assert (passage.result, passage.direction, passage.reason) == (result, direction, reason)


@pytest.mark.parametrize(
    ("signals", "result", "reason"),
    [
        ({"event": "seen", "result": "allowed"}, "granted", None),
        ({"event": "seen", "result": "denied", "reason": "unpaid"}, "denied", "unpaid"),
        ({"event": "seen"}, "seen", None),
        ({"event": "remote-open"}, "remote", None),
        ({"event": "manual-open"}, "manual", None),
    ],
)
def test_results_at_a_barrier(signals, result, reason):
    told = reading(plate="h:9f", picture=HASH, direction="out", method="plate", **signals)
    passage = passage_of(told, 1, BARRIER)
    assert passage is not None
    assert (passage.result, passage.reason) == (result, reason)
    assert (passage.subject, passage.picture) == ("h:9f", HASH)
    assert (passage.direction, passage.method) == ("out", "plate")


@pytest.mark.parametrize("event", ["passed", "opened", "closed", "struck", "held", "state"])
def test_other_events_of_a_barrier_leave_no_trace(event):
    assert passage_of(reading(event=event, plate="h:9f"), 1, BARRIER) is None


@pytest.mark.parametrize("picture", [None, "", "x" * 64, HASH[:-1], HASH + "/../x", 5.0, True])
def test_picture_that_is_no_hash_is_left_out(picture):
    passage = passage_of(reading(event="seen", picture=picture), 1, BARRIER)
    assert passage is not None
    assert passage.picture is None


@pytest.mark.parametrize("event", ["opened", "closed", "state", None, "odd", 1.0, True])
def test_other_events_leave_no_trace(event):
    assert passage_of(reading(event=event), 1, GATE) is None


def test_a_kind_without_passages_leaves_no_trace():
    assert passage_of(reading(event="granted"), 1, GAUGE) is None

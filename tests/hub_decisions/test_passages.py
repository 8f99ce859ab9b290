import pytest

from hub.rules import Reading
from hub.traces import Passage, PassageResult, passage_of
from wire.kinds import load

GATE, GAUGE = load()["gate"], load()["water-pressure"]


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


@pytest.mark.parametrize("event", ["opened", "closed", "state", None, "odd", 1.0, True])
def test_other_events_leave_no_trace(event):
    assert passage_of(reading(event=event), 1, GATE) is None


def test_a_kind_without_passages_leaves_no_trace():
    assert passage_of(reading(event="granted"), 1, GAUGE) is None

import pytest

from edge.board import DeviceBoard
from edge.urgency import Urgency
from wire import Clock, Lane, Observation, SignalValue
from wire.kinds import load as load_kinds

KINDS = {"p": load_kinds()["water-pressure"], "g": load_kinds()["gate"]}
T, L, E = Lane.TELEMETRY, Lane.LIFE, Lane.EVENT


def lanes(device: str, *reports: dict[str, SignalValue], historical: bool = False) -> list[Lane]:
    urgency = Urgency(KINDS)
    return [
        urgency.lane(
            Observation(
                device=device,
                kind=KINDS[device].id,
                at=0,
                seen=0,
                signals=signals,
                historical=historical,
            )
        )
        for signals in reports
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.35, 0.35, 0.351], [T, T, T]),
        ([0.35, 0.33, 0.33], [T, L, T]),
        ([0.35, 0.37], [T, L]),
        ([0.35, 0.36, 0.341], [T, T, T]),
        ([0.36, 0.352, 0.344, 0.336, 0.328], [T, T, T, L, T]),  # a slow leak
        ([0.35, 0.369, 0.348], [T, T, L]),  # a jump that ends where it began
    ],
)
def test_number_that_moved_far_enough_is_urgent(values: list[float], expected: list[Lane]) -> None:
    assert lanes("p", *({"pressure": value} for value in values)) == expected


def test_fire_input_is_urgent_when_it_changes() -> None:
    fires = [False, True, True, False]
    assert lanes("g", *({"event": "state", "fire": fire} for fire in fires)) == [E, L, E, L]


def test_gate_event_takes_the_event_lane() -> None:
    assert lanes("g", {"event": "granted"}, {"event": "opened", "open": True}) == [E, E]


def test_replayed_report_is_never_urgent() -> None:
    assert lanes("g", {"event": "state", "fire": True}, historical=True) == [E]


def test_missing_number_is_not_urgent() -> None:
    assert lanes("p", {"pressure": 0.5}, {"pressure": None}, {"pressure": 0.5}) == [T, T, T]


def test_device_that_falls_silent_is_not_ok() -> None:
    now = [0.0]
    board = DeviceBoard(KINDS, Clock(lambda: now[0], 0, 0.0))
    assert board.statuses()["p"].detail == "no report yet"
    board.heard("p", skew_ms=70)
    now[0] = KINDS["p"].silent_after_s
    assert board.statuses()["p"].ok
    now[0] += 1
    status = board.statuses()["p"]
    assert (status.ok, status.detail, status.skew_ms) == (False, "silent for 61 s", 70)
    board.failed("p", "x" * 500)
    assert len(board.statuses()["p"].detail) == 200

"""How a run stands while it goes on: what is detected, what may still come, what is missed."""

import pytest

from simulators.ledger import Truth
from simulators.matching import SILENCE, Seen
from simulators.timeline import PATIENCE_S, timeline

T0 = 1_760_000_000_000
BEGAN_S = 500.0
FORCED = "door-forced"


def real_s(at):
    return BEGAN_S + (at - T0) / 1000


def truth(kind=FORCED, device="door", at_s=0.0, *, shown=True):
    at = T0 + round(at_s * 1000)
    return Truth(kind, device, at, real_s(at) if shown else None)


def seen(kind=FORCED, device="door", at_s=0.0, late_s=0.5):
    at = T0 + round(at_s * 1000)
    return Seen(kind, device, at, real_s(at) + late_s)


def standing(found, kind):
    return next(one for one in found.standings if one.figures["kind"] == kind)


@pytest.mark.parametrize(
    ("truths", "alerts", "after_s", "states", "false"),
    [
        ([truth()], [seen()], 1.0, ["detected"], 0),
        ([truth()], [], 1.0, ["waiting"], 0),
        ([truth()], [], 2.0 + PATIENCE_S, ["waiting"], 0),
        ([truth()], [], 2.1 + PATIENCE_S, ["missed"], 0),
        ([truth(shown=False)], [], 2.1 + PATIENCE_S, ["missed"], 0),
        ([truth()], [seen(device="other")], 1.0, ["waiting"], 1),
        ([truth()], [seen(at_s=10.1)], 1.0, ["waiting"], 1),
        ([truth()], [seen(), seen(at_s=2.0)], 1.0, ["detected"], 1),
        ([truth(at_s=0), truth(at_s=60)], [seen(at_s=60)], 61.0, ["detected", "missed"], 0),
        ([truth(SILENCE)], [seen(SILENCE, at_s=-55.0)], 1.0, ["detected"], 0),
        ([truth(SILENCE)], [], 30.0, ["waiting"], 0),
        ([], [seen()], 1.0, [], 1),
    ],
)
def test_each_truth_stands_where_the_clock_and_the_alerts_put_it(
    truths, alerts, after_s, states, false
):
    found = timeline(truths, alerts, now_s=BEGAN_S + after_s, real_s=real_s)
    assert [one.state for one in found.entries] == states
    assert len(found.false) == false
    for kind in {one.kind for one in truths}:
        stands = standing(found, kind)
        assert stands.figures["truth"] == len(truths)
        assert stands.waiting == states.count("waiting")
        assert stands.figures["missed"] == states.count("waiting") + states.count("missed")


def test_the_newest_stands_first_and_latency_is_real_time_from_its_showing():
    truths = [truth(at_s=0), truth(device="gate", at_s=30)]
    alerts = [seen(late_s=0.25), seen(device="gate", at_s=30, late_s=1.5)]
    found = timeline(truths, alerts, now_s=BEGAN_S + 60, real_s=real_s)
    assert [one.match.truth.device for one in found.entries] == ["gate", "door"]
    assert [one.match.latency_s for one in found.entries] == [1.5, 0.25]
    assert [one.number for one in found.entries] == [1, 0]


def test_what_alarms_besides_is_only_judged_where_nothing_may():
    odd = [seen("pressure-high", "fw")]
    assert not timeline([], odd, now_s=BEGAN_S, real_s=real_s).false
    assert timeline([], odd, now_s=BEGAN_S, real_s=real_s, every=True).false == odd

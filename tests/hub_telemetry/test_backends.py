"""What every back end has to do, on the real servers."""

import random

import pytest

from tests.hub_telemetry.rig import DAY, HOUR, MINUTE, NOW, until

pytestmark = pytest.mark.socket
START = (NOW - 40 * DAY) // DAY * DAY


def settled(rig, start, end, count):
    """Once that many values are to be seen, each in a bucket of its own."""
    rig.wait_delivered()
    until(lambda: len(rig.series(start, end, 5000)) == count)


def test_buckets_hold_least_mean_and_most_and_the_end_is_excluded(rig):
    values = [(START + n * 1000, float(v)) for n, v in enumerate([1, 3, 2, 6, 4, 5, 9])]
    rig.add(values)
    settled(rig, START, START + 7000, 7)
    assert rig.series(START, START + 6000, 2) == [
        (START, 1.0, 2.0, 3.0),
        (START + 3000, 4.0, 5.0, 6.0),
    ]
    assert rig.series(START + 6001, START + 9000, 3) == []
    assert rig.series(START + 500, START + 2500, 2) == [
        (START + 500, 3.0, 3.0, 3.0),
        (START + 1500, 2.0, 2.0, 2.0),
    ]


def test_an_unknown_series_is_empty(rig):
    assert rig.series(START, START + DAY, 10, device="nobody") == []


def test_a_number_comes_back_as_it_was(rig):
    values = [0.317282, -0.05, 5.999999, 0.0, 3.0]
    rig.add([(START + n * 1000, value) for n, value in enumerate(values)])
    settled(rig, START, START + 5000, 5)
    assert [one[2] for one in rig.series(START, START + 5000, 5)] == values


def test_a_month_is_drawn_from_what_the_server_downsampled(rig):
    draw = random.Random(3)
    end = START + 30 * DAY
    days = range(START, end, 5 * DAY)
    moments = [day + at for day in days for at in range(0, DAY, 10 * MINUTE)]
    values = [(at, round(draw.uniform(0, 1), 6)) for at in moments]
    rig.add([*values, (START + 10 * DAY + 1, 7.0)])
    values.append((START + 10 * DAY + 1, 7.0))
    settled(rig, START + 10 * DAY, START + 10 * DAY + 5000, 2)
    while rig.kind == "sqlite" and rig.writer.submit(
        5, lambda connection: rig.telemetry.roll(connection, NOW)
    ).result(30):
        pass
    buckets = rig.series(START, end, 600)
    assert 100 <= len(buckets) <= 130  # of 600: five days in six are empty
    width = buckets[1][0] - buckets[0][0]
    assert width >= 72 * MINUTE
    for at, low, mean, high in random.Random(4).sample(buckets, 60):
        mine = [value for moment, value in values if at <= moment < at + width]
        assert (low, high) == (min(mine), max(mine))
        assert mean == pytest.approx(sum(mine) / len(mine))
    assert max(one[3] for one in buckets) == 7.0


def test_a_transaction_that_is_rolled_back_leaves_nothing(rig):
    def work(connection):
        rig.telemetry.append(connection, [])
        raise ZeroDivisionError

    rig.add([(START, 1.0)])
    with pytest.raises(ZeroDivisionError):
        rig.writer.submit(0, work).result(30)
    rig.telemetry.forget()
    rig.add([(START + HOUR, 2.0)])
    settled(rig, START, START + HOUR + 1000, 2)


def test_what_a_killed_hub_sends_again_is_there_once(served):
    """A hub that dies between the server's answer and its own note of it sends all again."""
    rig = served
    rig.add([(START, 1.0), (START + 1000, 2.0)])
    settled(rig, START, START + 2000, 2)
    rig.restart()
    rig.add([(START + 2000, 9.0)])
    settled(rig, START, START + 3000, 3)
    until(lambda: rig.series(START, START + 3000, 1) == [(START, 1.0, 4.0, 9.0)])

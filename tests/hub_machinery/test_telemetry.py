"""Numbers over time: buckets, retention by age and by weight."""

import random

import pytest

from hub.telemetry import Point, Span
from hub.telemetry.sqlite import BYTES_PER_POINT
from tests.hub_machinery.estate import SITE, T0, done


def add(line, values, *, device="fw-1", at=T0, every=1000, seq=1):
    points = [
        Point(SITE, device, "pressure", at + n * every, value, 1, seq + n, 0)
        for n, value in enumerate(values)
    ]
    done(line.writer.submit(3, lambda c: line.telemetry.append(c, points)))


def buckets(line, start, end, points, device="fw-1"):
    with line.store.reader.connect() as connection:
        return line.telemetry.series(connection, Span(SITE, device, "pressure", start, end, points))


def purge(line, **limits):
    return done(line.writer.submit(5, lambda c: line.telemetry.purge(c, **limits)))


def totals(line):
    with line.store.reader.connect() as connection:
        return line.telemetry.totals(connection)[SITE]


def test_buckets_hold_the_least_the_mean_and_the_most(line):
    add(line, [1.0, 3.0, 2.0, 6.0, 4.0, 5.0])
    assert buckets(line, T0, T0 + 6_000, 2) == [
        (T0, 1.0, 2.0, 3.0),
        (T0 + 3_000, 4.0, 5.0, 6.0),
    ]


def test_buckets_without_a_value_are_left_out_and_the_end_is_excluded(line):
    add(line, [1.0, 2.0], every=10_000)
    assert [bucket[0] for bucket in buckets(line, T0, T0 + 10_000, 10)] == [T0]
    assert [bucket[0] for bucket in buckets(line, T0, T0 + 10_001, 11)] == [T0, T0 + 9_100]


@pytest.mark.parametrize("points", [1, 7, 600])
def test_there_are_never_more_buckets_than_asked_for(line, points):
    add(line, [float(n) for n in range(100)], every=37)
    found = buckets(line, T0, T0 + 3_700, points)
    assert 0 < len(found) <= points
    assert min(low for _, low, _, _ in found) == 0
    assert max(high for *_, high in found) == 99


def test_an_unknown_series_is_empty(line):
    assert buckets(line, 0, T0, 10, device="nobody") == []


def test_points_older_than_the_limit_go_in_chunks_and_are_counted(line):
    add(line, [1.0] * 100)
    while removed := purge(line, before=T0 + 50_000, max_bytes=10**9, chunk=20):
        assert removed <= 20
    assert totals(line).purged == 50
    assert buckets(line, T0, T0 + 100_000, 1000)[0][0] == T0 + 50_000


def test_over_the_size_cap_the_oldest_go_first_in_every_series_alike(line):
    day = 24 * 3_600_000
    add(line, [1.0] * 48, every=day // 24, seq=1)
    add(line, [1.0] * 48, every=day // 24, seq=100, device="fw-2")
    while purge(line, before=0, max_bytes=48 * BYTES_PER_POINT, chunk=10):
        pass
    left = [len(buckets(line, T0, T0 + 3 * day, 5000, device=name)) for name in ("fw-1", "fw-2")]
    assert sum(left) == 48
    assert abs(left[0] - left[1]) <= 2
    assert buckets(line, T0, T0 + 3 * day, 5000)[-1][0] >= T0 + 46 * (day // 24)


def test_two_values_of_one_moment_are_both_kept(line):
    add(line, [1.0, 3.0], every=0)
    assert buckets(line, T0, T0 + 1, 1) == [(T0, 1.0, 2.0, 3.0)]


def test_a_point_weighs_no_more_than_the_size_cap_takes_it_for(line):
    """Twenty sensors in turn, as they report; measured against the empty file."""
    empty = size_of(line)
    draw = random.Random(1)
    for minute in range(60):
        for device in range(20):
            values = [draw.uniform(0.05, 1.5) for _ in range(20)]
            start = T0 + minute * 60_000
            add(line, values, device=f"d-{device}", at=start, every=3_000, seq=10**6 + minute * 20)
    weight = (size_of(line) - empty) / (60 * 20 * 20)
    assert 0.5 * BYTES_PER_POINT < weight <= BYTES_PER_POINT


def size_of(line):
    line.restart()  # brings the write-ahead log home
    return (line.folder / "hub.db").stat().st_size

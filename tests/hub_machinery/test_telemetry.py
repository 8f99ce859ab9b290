"""Numbers over time in SQLite: buckets, downsampling, retention by age and by weight."""

import itertools
import random

import pytest

from hub.telemetry import Keep, Point, Span
from hub.telemetry.database import DatabaseTelemetry
from hub.telemetry.purge import BYTES_PER_POINT, BYTES_PER_ROLLUP
from hub.telemetry.totals import read_totals
from tests.hub_machinery.estate import SITE, T0, done

MINUTE, QUARTER, HOUR, DAY = 60_000, 900_000, 3_600_000, 86_400_000
H0 = T0 - T0 % DAY


def add(line, values, *, device="fw-1", at=T0, every=1000, seq=1):
    points = [
        Point(SITE, device, "pressure", at + n * every, value, 1, seq + n, 0)
        for n, value in enumerate(values)
    ]
    done(line.writer.submit(3, lambda c: line.telemetry.append(c, points)))


def buckets(line, start, end, points, device="fw-1"):
    return line.telemetry.series(Span(SITE, device, "pressure", start, end, points))


def roll(line, now):
    while done(line.writer.submit(5, lambda c: line.telemetry.roll(c, now))):
        pass


def purge_all(line, now, **keep):
    line.telemetry = DatabaseTelemetry(line.store.reader, Keep(**keep))
    while done(line.writer.submit(5, lambda c: line.telemetry.purge(c, now))):
        pass


def totals(line):
    with line.store.reader.connect() as connection:
        return read_totals(connection)[SITE]


def minutes(line):
    return line.sql("SELECT level, count(*), sum(count) FROM rollup GROUP BY level")


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


def test_two_values_of_one_moment_are_both_kept(line):
    add(line, [1.0, 3.0], every=0)
    assert buckets(line, T0, T0 + 1, 1) == [(T0, 1.0, 2.0, 3.0)]


def test_an_hour_is_downsampled_once_it_is_over_and_again_when_something_comes_late(line):
    add(line, [float(n) for n in range(60)], at=H0, every=MINUTE)
    roll(line, H0 + HOUR + 1)
    assert minutes(line) == []
    roll(line, H0 + HOUR + 120_000)
    assert minutes(line) == [(MINUTE, 60, 60), (QUARTER, 4, 60), (HOUR, 1, 60)]
    add(line, [100.0], at=H0 + 5, seq=1000)
    roll(line, H0 + 2 * HOUR)
    assert minutes(line) == [(MINUTE, 60, 61), (QUARTER, 4, 61), (HOUR, 1, 61)]
    assert line.sql("SELECT low, high FROM rollup WHERE level = 3600000") == [(0.0, 100.0)]


def test_a_chart_is_the_same_whatever_it_is_drawn_from(line):
    draw = random.Random(1)
    moments = sorted(draw.sample(range(H0 + HOUR, H0 + 4 * DAY), 1500))
    values = [(at, draw.uniform(0, 1)) for at in moments]
    rows = [Point(SITE, "fw-1", "pressure", *one, 1, n, 0) for n, one in enumerate(values)]
    done(line.writer.submit(3, lambda c: line.telemetry.append(c, rows)))
    for rolled_to in (0, H0 + 2 * DAY + 5 * HOUR, H0 + 5 * DAY):
        roll(line, rolled_to)
        for start in (H0, H0 + 17 * MINUTE + 11):
            for end, points in ((1, 100), (5, 50), (5, 7), (1, 3), (3, 1)):
                check_chart(line, values, start, H0 + end * DAY, points)


def check_chart(line, values, start, end, points):
    found = buckets(line, start, end, points)
    assert 0 < len(found) <= points
    starts = [one[0] for one in found]
    assert start - HOUR < starts[0]
    assert sum(starts[0] <= at < end for at, _ in values) >= sum(
        start <= at < end for at, _ in values
    )
    width = min((b - a for a, b in itertools.pairwise(starts)), default=end - starts[0])
    covered = 0
    for at, low, mean, high in found:
        mine = [value for moment, value in values if at <= moment < min(at + width, end)]
        covered += len(mine)
        assert (low, high) == (min(mine), max(mine))
        assert mean == pytest.approx(sum(mine) / len(mine))
    assert covered == sum(starts[0] <= at < end for at, _ in values)


def test_points_older_than_the_limit_go_by_whole_hours_and_the_chart_stays(line):
    add(line, [float(n % 7) for n in range(300)], at=H0, every=MINUTE)
    before = buckets(line, H0, H0 + 5 * HOUR, 10)
    purge_all(line, H0 + 2 * HOUR + 59 * MINUTE + DAY, raw_days=1)
    assert totals(line).purged == 120
    assert line.sql("SELECT min(at) FROM point") == [(H0 + 2 * HOUR,)]
    assert buckets(line, H0, H0 + 5 * HOUR, 10) == before
    assert len(buckets(line, H0, H0 + 5 * HOUR, 5000)) == 300


def test_what_comes_after_its_hour_was_removed_is_added_to_what_is_remembered(line):
    add(line, [1.0, 3.0], at=H0, every=MINUTE)
    purge_all(line, H0 + 2 * DAY, raw_days=1)
    assert line.sql("SELECT count(*) FROM point") == [(0,)]
    add(line, [8.0], at=H0 + 10, seq=50)
    late = [(H0, 1.0, 4.0, 8.0)]
    assert buckets(line, H0, H0 + DAY, 1) == late
    roll(line, H0 + 2 * DAY)
    assert line.sql("SELECT count(*) FROM point") == [(0,)]
    assert buckets(line, H0, H0 + DAY, 1) == late
    assert (totals(line).stored, totals(line).purged) == (3, 3)


def test_minutes_and_hours_go_when_their_own_time_is_up(line):
    add(line, [float(n) for n in range(48)], at=H0, every=HOUR)
    for now, minute_rows, hour_rows in ((3 * DAY, 24, 48), (12 * DAY, 0, 24), (13 * DAY, 0, 0)):
        purge_all(line, H0 + now, raw_days=1, minute_days=2, hour_days=11)
        count = dict(line.sql("SELECT level, count(*) FROM rollup GROUP BY level"))
        assert (count.get(MINUTE, 0), count.get(HOUR, 0)) == (minute_rows, hour_rows)
        assert count.get(QUARTER, 0) == minute_rows
        for points in (5000, 48):
            assert len(buckets(line, H0, H0 + 2 * DAY, points)) == hour_rows
        assert totals(line).rolled == 2 * minute_rows + hour_rows


def test_over_the_size_cap_the_oldest_go_first_in_every_series_alike(line):
    for device in ("fw-1", "fw-2"):
        add(line, [1.0] * 480, device=device, at=H0, every=6 * MINUTE)
    roll(line, H0 + 3 * DAY)
    room = 480 * BYTES_PER_POINT + 1500 * BYTES_PER_ROLLUP
    purge_all(line, H0 + 2 * DAY, max_bytes=room)
    left = [row[0] for row in line.sql("SELECT count(*) FROM point GROUP BY series_id")]
    assert 0 < sum(left) < 960
    assert abs(left[0] - left[1]) <= 10
    assert line.sql("SELECT max(at) FROM point") == [(H0 + 479 * 6 * MINUTE,)]
    assert totals(line).stored - totals(line).purged == sum(left)
    assert weight(line) <= room
    purge_all(line, H0 + 2 * DAY, max_bytes=100 * BYTES_PER_ROLLUP)
    assert weight(line) <= 100 * BYTES_PER_ROLLUP
    assert len(buckets(line, H0, H0 + 2 * DAY, 5000)) == 48


def weight(line):
    count = totals(line)
    return (count.stored - count.purged) * BYTES_PER_POINT + count.rolled * BYTES_PER_ROLLUP


def test_points_and_rollups_weigh_no_more_than_the_size_cap_takes_them_for(line):
    """Twenty sensors in turn, as they report; measured against the empty file."""
    empty = size_of(line)
    draw = random.Random(1)
    for minute in range(60):
        for device in range(20):
            values = [draw.uniform(0.05, 1.5) for _ in range(20)]
            start = H0 + minute * MINUTE
            add(line, values, device=f"d-{device}", at=start, every=3_000, seq=10**6 + minute * 20)
    raw = size_of(line)
    assert 0.5 * BYTES_PER_POINT < (raw - empty) / (60 * 20 * 20) <= BYTES_PER_POINT
    roll(line, H0 + DAY)
    rows = totals(line).rolled
    assert rows == 20 * 65
    # pages come whole: a small table's last ones are slack
    assert size_of(line) - raw <= rows * BYTES_PER_ROLLUP + 16 * 4096


def size_of(line):
    line.restart()  # brings the write-ahead log home
    return (line.folder / "hub.db").stat().st_size

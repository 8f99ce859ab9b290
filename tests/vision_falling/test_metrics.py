import pytest

from gatehouse.falling_metrics import f_measure, overlap, per_day, poisson, time_overlap


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0, 2.996), (1, 0.0253, 5.572), (3, 0.619, 8.767), (10, 4.795, 18.39)],
)
def test_poisson(count, low, high):
    assert poisson(count) == pytest.approx((low, high), rel=2e-3)


def test_a_clean_clip_of_29_seconds_proves_nothing_about_a_day():
    assert per_day(0, 29)[2] > 8000


@pytest.mark.parametrize(
    ("a", "b", "share"), [((1, 10), (1, 10), 1), ((1, 10), (6, 15), 1 / 3), ((1, 5), (6, 9), 0)]
)
def test_time_overlap(a, b, share):
    assert time_overlap(a, b) == pytest.approx(share)


def test_overlap_and_f_measure():
    assert overlap((0, 0, 2, 2), (1, 0, 3, 2)) == pytest.approx(1 / 3)
    assert overlap((0, 0, 1, 1), (2, 2, 3, 3)) == 0
    assert f_measure(6, 2, 4) == pytest.approx(2 / 3)
    assert f_measure(0, 0, 0) == 0

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from wire import Clock, Text


class Ticker:
    """A monotonic clock that a test moves."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __call__(self) -> float:
        return self.seconds


@pytest.mark.parametrize(
    ("rate", "elapsed", "now", "monotonic"),
    [(1.0, 0.0, 5_000, 0.0), (1.0, 1.5, 6_500, 1.5), (20.0, 1.5, 35_000, 30.0)],
)
def test_clock_starts_anywhere_and_runs_at_its_rate(rate, elapsed, now, monotonic):
    ticker = Ticker(100.0)
    clock = Clock(ticker, origin=5_000, zero=100.0, rate=rate)
    ticker.seconds += elapsed
    assert (clock.now(), clock.monotonic()) == (now, monotonic)
    assert clock.real_seconds(monotonic) == pytest.approx(elapsed)


@given(st.floats(0.01, 100), st.lists(st.floats(0, 1000), min_size=2))
def test_clock_never_goes_back(rate, steps):
    ticker = Ticker(7.0)
    clock = Clock(ticker, origin=1_700_000_000_000, zero=7.0, rate=rate)
    seen = []
    for step in steps:
        ticker.seconds += step
        seen.append(clock.now())
    assert seen == sorted(seen)
    assert all(isinstance(now, int) for now in seen)


@pytest.mark.parametrize(
    "text", [{"zh": "门"}, {"en": "Door"}, {"zh": "门", "en": "Door", "fr": ""}]
)
def test_text_has_both_languages_and_no_other(text):
    with pytest.raises(ValidationError):
        Text.model_validate(text)

"""What sways is no fall, however often the linking finds it where it should be; no pictures."""

import numpy as np
import pytest

from edge.vision.falling.blobs import Blobs
from edge.vision.falling.clutter import Clutter
from edge.vision.falling.linking import Linker
from edge.vision.falling.settings import Settings
from hub.rules.facade.judge import LIMITS

FPS = 20.0
SECONDS = 9
LEAVES = 70
DROPS = 20
FALL_S = 6.0
LEARNED_S = 4.0
"""By then it is known how often the linking finds a leaf again."""


def _blobs(places):
    x, y = np.array(places, np.float64).reshape(-1, 2).T
    side = np.full(len(x), 0.004)
    return Blobs(x, y, side, side, np.full(len(x), 40.0))


def _tracks(pictures):
    clutter = Clutter(aspect=16 / 9, fps=FPS, time_constant_s=4.0)
    linker = Linker(clutter=clutter, fps=FPS, settings=Settings())
    ended = []
    for frame, places in enumerate(pictures):
        armed = frame >= FPS
        ended += linker.step(_blobs(places), frame=frame, at_s=frame / FPS, armed=armed)
    return ended + linker.flush()


def _crown(seed):
    """Leaves of a crown that sways: each is seen now and then, where the branch has taken it."""
    rng = np.random.default_rng(seed)
    home = rng.uniform(0, 1, (LEAVES, 2)) * (0.3, 0.3) + (1.4, 0.65)
    for frame in range(round(SECONDS * FPS)):
        sway = 0.02 * np.sin(6.283 * 0.4 * frame / FPS)
        seen = home[rng.random(LEAVES) < 0.75] + (0.4 * sway, sway)
        yield seen + rng.normal(0, 0.0015, seen.shape)


def _rain(seed):
    """Streaks before the same place, new in every picture."""
    rng = np.random.default_rng(seed)
    for _ in range(round(SECONDS * FPS)):
        yield rng.uniform(0, 1, (rng.poisson(DROPS), 2)) * (0.3, 0.3) + (1.4, 0.65)


def _with_a_fall(pictures, x):
    for frame, places in enumerate(pictures):
        since = frame / FPS - FALL_S
        y = 0.1 + 0.15 * since**2
        yield [*places, (x, y)] if since >= 0 and y < 1 else places


@pytest.mark.parametrize("clutter", [_crown, _rain])
def test_what_has_gone_on_for_a_while_makes_no_convincing_track(clutter):
    for seed in (1, 3):
        later = [one for one in _tracks(clutter(seed)) if one.seen[0].at_s > LEARNED_S]
        assert [round(one.log_nfa) for one in later if one.log_nfa <= LIMITS.max_log_nfa] == []


@pytest.mark.parametrize("clutter", [_crown, _rain])
@pytest.mark.parametrize("x", [0.5, 1.55], ids=["beside", "through"])
def test_a_fall_is_found_beside_and_through_clutter(clutter, x):
    fall = min(_tracks(_with_a_fall(clutter(4), x)), key=lambda chain: chain.log_nfa)
    assert fall.log_nfa < -40
    assert fall.seen[0].at_s == pytest.approx(FALL_S, abs=0.5)
    assert fall.drop > 0.5

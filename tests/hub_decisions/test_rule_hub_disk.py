"""The hub's own disk: told before it is full, once, and over with room to spare."""

import pytest

from hub.rules import Reading
from hub.rules.hub_disk import FREE_GB, RULE, SIZE_GB, Own, Settings
from hub.rules.spec import Subject

RULE_OF_HUB = RULE.bind(Subject(None, "hub", None, None, Settings(), Own()))


def played(*said):
    """(free, size) in GB -> (active, free) of each finding."""
    state, found = RULE_OF_HUB.initial(), []
    for at, (free, size) in enumerate(said):
        signals = {FREE_GB: free, SIZE_GB: size}
        state, new = RULE_OF_HUB.step(state, Reading("s", "hub", "hub", at, at, signals), at)
        found += [(one.active, one.detail["value"]) for one in new]
    return found


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([(1.9, 100.0)], [(True, 1.9)]),
        ([(2.0, 100.0)], []),
        ([(1.0, 16.0)], []),  # a small disk: more than a twentieth is free
        ([(0.7, 16.0)], [(True, 0.7)]),
        ([(50.0, 4000.0)], []),  # a large one: a share says little
        ([(1.9, 100.0), (1.0, 100.0), (0.0, 100.0)], [(True, 1.9)]),
        ([(1.9, 100.0), (2.9, 100.0), (1.9, 100.0)], [(True, 1.9)]),
        ([(1.9, 100.0), (3.0, 100.0)], [(True, 1.9), (False, 3.0)]),
        ([(None, 100.0), (1.0, 0.0)], []),
    ],
)
def test_told_before_the_disk_is_full_and_over_with_room_to_spare(said, expected):
    assert played(*said) == expected

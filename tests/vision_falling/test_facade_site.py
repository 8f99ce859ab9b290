import pytest

from hub.rules.facade import FacadeSite
from hub.rules.facade.site import within
from simulators.facade.building import Building
from simulators.facade.camera import Camera

CAMERA = Camera(1920, 1080, 25.0, 2.0, 45.0)
BUILDING = Building(16, 2.9, 20.0)


def _site(floors, camera=CAMERA):
    def line(n):
        ends = [camera.wall(x, (n - 1) * BUILDING.floor_m) for x in (-8, 8)]
        a, b = [(c / camera.width, r / camera.height) for c, r in ends]
        return {"number": n, "a": a, "b": b}

    return FacadeSite.model_validate({"floors": [line(n) for n in floors]})


@pytest.mark.parametrize("floors", [(2, 8, 15), (3, 4, 5), (2, 5, 9, 13)])
@pytest.mark.parametrize("height_m", [3.0, 14.2, 30.1, 44.0])
def test_floor_lines_of_a_camera_that_looks_up_give_every_floor(floors, height_m):
    site = _site(floors)
    column, row = CAMERA.wall(5.0, height_m)
    floor = site.floor_at(column / CAMERA.width, row / CAMERA.height)
    assert floor == pytest.approx(height_m / BUILDING.floor_m + 1, abs=0.01)
    assert site.floor_residual < 0.01


def test_two_lines_are_enough_for_a_camera_that_looks_straight():
    lines = [{"number": n, "a": (0.1, 1 - n / 10), "b": (0.9, 1 - n / 10)} for n in (2, 8)]
    site = FacadeSite.model_validate({"floors": lines})
    assert site.floor_at(0.5, 0.5) == pytest.approx(5.0)


@pytest.mark.parametrize(
    "lines",
    [
        [{"number": 1, "a": (0, 0.5), "b": (1, 0.5)}],
        [{"number": n, "a": (0.5, 0.5), "b": (0.5, 0.5)} for n in (1, 2)],
    ],
)
def test_lines_that_determine_nothing_are_refused(lines):
    with pytest.raises(ValueError, match="floors"):
        FacadeSite.model_validate({"floors": lines})


@pytest.mark.parametrize(
    ("place", "inside"),
    [((0.5, 0.5), True), ((0.05, 0.5), False), ((0.5, 0.95), False), ((0.5, 0.11), True)],
)
def test_within_a_polygon(place, inside):
    square = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))
    assert within(square, *place) is inside

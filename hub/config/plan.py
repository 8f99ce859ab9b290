"""A site's plan: what lies where on its ground, and what has been drawn over its cameras' pictures.

`jinxiu.plan.toml` lies beside `jinxiu.toml`; what people draw in the console is kept as a file of
the same form among the hub's data, and stands in its place. Lengths are metres on the ground: x to
the right, y downward, (0, 0) the plan's upper left corner. North is up.
"""

from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from hub.config.site import Site
from hub.config.table import Table, read_model
from hub.errors import ConfigError
from wire import Id, Text

FURTHEST_M: Final = 20_000.0
"""No estate measures more."""

Metres = Annotated[float, Field(ge=0, le=FURTHEST_M, allow_inf_nan=False)]
Spot = tuple[Metres, Metres]
Outline = Annotated[tuple[Spot, ...], Field(min_length=3, max_length=200)]

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Corner = tuple[Share, Share]
"""(x / width, y / height) of a picture, (0, 0) its upper left corner."""
Region = Annotated[tuple[Corner, ...], Field(min_length=3, max_length=64)]

AreaKind = Literal[
    "plot", "lawn", "plaza", "court", "water", "parking", "house", "road", "path", "wall", "trees"
]


class Area(Table):
    """Something that lies on the ground, drawn in the order of the file.

    outline: a closed polygon. line: an open one, `width` metres wide. spots: trees, each with a
    crown `width` metres wide. Exactly one of the three. smooth: corners are rounded off.
    stalls: how many parking places side by side.
    """

    kind: AreaKind
    name: Text | None = None
    outline: Outline | None = None
    line: Annotated[tuple[Spot, ...], Field(min_length=2, max_length=200)] | None = None
    spots: Annotated[tuple[Spot, ...], Field(min_length=1, max_length=2000)] | None = None
    width: Annotated[float, Field(gt=0, le=200)] = 5.0
    smooth: bool = False
    stalls: Annotated[int, Field(ge=0, le=500)] = 0

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        if sum(one is not None for one in (self.outline, self.line, self.spots)) != 1:
            raise ValueError("says exactly one of outline, line and spots")
        return self


class Footprint(Table):
    """The ground that a building stands on."""

    id: Id
    outline: Outline


class Stroke(Table):
    """A straight line over a picture that is known by a number: a slab's floor, a column's edge."""

    number: Annotated[float, Field(ge=-10, le=300)]
    a: Corner
    b: Corner


class Drawing(Table):
    """What has been drawn over a camera's picture; it stands in the place of the site file's own.

    polygon, masks, floors, columns: of a facade camera, as `settings.facade` has them.
    privacy: what its agent blacks out in all that it records and shows, as its `mask`.
    cabin: of an elevator's camera. None: not drawn.
    """

    polygon: Region | None = None
    masks: Annotated[tuple[Region, ...], Field(max_length=32)] = ()
    floors: Annotated[tuple[Stroke, ...], Field(max_length=64)] = ()
    columns: Annotated[tuple[Stroke, ...], Field(max_length=64)] = ()
    privacy: Annotated[tuple[Region, ...], Field(max_length=64)] | None = None
    cabin: Region | None = None


class Plan(Table):
    """The file. size: metres. image: a PNG or JPEG beside the site file, stretched over the plan.

    areas: what lies on the ground; with an `image` there need be none. places: where devices and
    agents stand, by id; the others are laid out by their building and floor.
    """

    size: tuple[Annotated[float, Field(gt=0, le=FURTHEST_M)], ...] = ()
    image: Annotated[str, Field(pattern=r"^[^/\\]{1,200}\.(png|jpg|jpeg)$")] | None = None
    areas: Annotated[tuple[Area, ...], Field(alias="area", max_length=2000)] = ()
    buildings: Annotated[tuple[Footprint, ...], Field(alias="building")] = ()
    places: dict[Id, Spot] = Field(default_factory=dict)
    drawings: dict[Id, Drawing] = Field(alias="drawing", default_factory=dict)

    @model_validator(mode="after")
    def _sized(self) -> Self:
        if len(self.size) not in {0, 2}:
            raise ValueError("size: width and height in metres, such as [260, 180]")
        if not self.size and (self.image or self.areas or self.buildings or self.places):
            raise ValueError("size: is missing: width and height of the plan in metres")
        return self


NO_PLAN: Final = Plan()


def plan_file(site: Site) -> Path:
    """Where the plan of a site lies that comes with its file: beside it, whether it is or not."""
    return site.source.with_name(f"{site.source.stem}.plan.toml")


def load_plan(path: Path, site: Site) -> Plan:
    """Read a plan and check it against its site. Raises ConfigError."""
    plan = read_model(path, Plan)
    check_plan(path, plan, site)
    return plan


def fitting(plan: Plan, site: Site) -> tuple[Plan, list[str]]:
    """The plan without what the site no longer has, and the names that were left out."""
    buildings = {one.id for one in site.buildings}
    devices = {device.id for _, device in site.devices()}
    subjects = devices | {agent.id for agent in site.agents}
    gone = [one.id for one in plan.buildings if one.id not in buildings]
    gone += [name for name in plan.places if name not in subjects]
    gone += [name for name in plan.drawings if name not in devices]
    kept = plan.model_copy(
        update={
            "buildings": tuple(one for one in plan.buildings if one.id in buildings),
            "places": {name: spot for name, spot in plan.places.items() if name in subjects},
            "drawings": {name: one for name, one in plan.drawings.items() if name in devices},
        }
    )
    return kept, sorted(set(gone))


def check_plan(path: Path | str, plan: Plan, site: Site) -> None:
    """Everything that it names is there, once, and lies on the plan. Raises ConfigError."""
    buildings = {one.id for one in site.buildings}
    drawn: set[str] = set()
    for row, one in enumerate(plan.buildings):
        if one.id not in buildings:
            raise ConfigError(path, f"building[{row}].id", f"no building {one.id!r} in the site")
        if one.id in drawn:
            raise ConfigError(path, f"building[{row}].id", f"{one.id!r} is drawn twice")
        drawn.add(one.id)
        _check_within(path, f"building[{row}].outline", plan, one.outline)
        if crosses(one.outline):
            raise ConfigError(path, f"building[{row}].outline", "crosses itself")
    devices = {device.id for _, device in site.devices()}
    subjects = devices | {agent.id for agent in site.agents}
    for name, spot in plan.places.items():
        if name not in subjects:
            raise ConfigError(path, f"places.{name}", "no such device or agent in the site")
        _check_within(path, f"places.{name}", plan, (spot,))
    for name in plan.drawings:
        if name not in devices:
            raise ConfigError(path, f"drawing.{name}", "no such device in the site")
    for row, area in enumerate(plan.areas):
        found = area.outline or area.line or area.spots or ()
        _check_within(path, f"area[{row}]", plan, found)


def _check_within(path: Path | str, key: str, plan: Plan, spots: tuple[Spot, ...]) -> None:
    wide, high = plan.size
    for x, y in spots:
        if x > wide or y > high:
            problem = f"[{x:g}, {y:g}] lies outside the plan of {wide:g} by {high:g} m"
            raise ConfigError(path, key, problem)


def crosses(outline: tuple[tuple[float, float], ...]) -> bool:
    """Whether two edges of a closed polygon cross each other."""
    edges = list(zip(outline, (*outline[1:], outline[0]), strict=True))
    return any(
        _cut(*edges[i], *edges[j])
        for i in range(len(edges))
        for j in range(i + 2, len(edges))
        if (i, j) != (0, len(edges) - 1)
    )


def _cut(a: Spot, b: Spot, c: Spot, d: Spot) -> bool:
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Spot, b: Spot, p: Spot) -> float:
    return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])

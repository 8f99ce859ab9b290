"""A plan with nothing left out: what nobody has drawn or placed is laid out by what is known.

Always the same from the same files, so that what people have learned to find stays where it was.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hub.config import Site
from hub.config.plan import Area, Plan

Spot = tuple[float, float]

WIDE, DEEP, GAP, MARGIN = 42.0, 18.0, 26.0, 34.0
"""A slab of a usual high-rise, the light between two, and the ground around all of them; m."""
EDGE: Final = 7.0
"""How far inside the fence those stand that belong to no building, m."""


@dataclass(frozen=True, slots=True)
class Layout:
    """size: metres. buildings: outlines by id. places: by device or agent.

    drawn: the ids, of buildings and of what has a place, that somebody has put where they are.
    """

    size: Spot
    areas: tuple[Area, ...]
    buildings: Mapping[str, tuple[Spot, ...]]
    places: Mapping[str, Spot]
    drawn: frozenset[str]


def lay_out(site: Site, plan: Plan) -> Layout:
    """The whole plan of a site."""
    outlines: dict[str, tuple[Spot, ...]] = {one.id: one.outline for one in plan.buildings}
    missing = [one.id for one in site.buildings if one.id not in outlines]
    size, areas = plan.size, plan.areas
    if not size:
        made, size = _blocks(missing, (0.0, 0.0), _columns(len(missing)))
        outlines |= made
        areas = _ground((size[0], size[1]), outlines.values())
    elif missing:
        columns = max(1, int((size[0] - 2 * MARGIN + GAP) // (WIDE + GAP)))
        made, more = _blocks(missing, (0.0, size[1]), columns)
        outlines |= made
        size = (max(size[0], more[0]), more[1])
    whole = (size[0], size[1])
    placed = dict(plan.places)
    places = placed | _unplaced(site, placed, outlines, whole)
    drawn = frozenset(placed) | {one.id for one in plan.buildings}
    return Layout(whole, areas, outlines, places, drawn)


def centre(outline: Sequence[Spot]) -> Spot:
    """The middle of the box around a polygon."""
    xs, ys = [x for x, _ in outline], [y for _, y in outline]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def spread(outline: Sequence[Spot], count: int) -> list[Spot]:
    """So many places in a polygon, in rows, as far apart as they can be."""
    xs, ys = [x for x, _ in outline], [y for _, y in outline]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    if count < 1 or wide <= 0 or high <= 0:
        return [centre(outline)] * count
    step = math.sqrt(wide * high / count)
    while True:
        columns, rows = max(1, int(wide / step)), max(1, int(high / step))
        found = [
            (min(xs) + wide * (i + 0.5) / columns, min(ys) + high * (j + 0.5) / rows)
            for j in range(rows)
            for i in range(columns)
        ]
        inside = [spot for spot in found if within(outline, spot)]
        if len(inside) >= count:
            return inside[:count]
        if columns * rows > 100 * count + 10_000:  # hardly any ground: all stand in its middle
            return [centre(outline)] * count
        step *= 0.93


def within(outline: Sequence[Spot], spot: Spot) -> bool:
    """Whether a place lies in a polygon."""
    x, y = spot
    inside = False
    for (ax, ay), (bx, by) in zip(outline, (*outline[1:], outline[0]), strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def _unplaced(
    site: Site, placed: Mapping[str, Spot], outlines: Mapping[str, Sequence[Spot]], size: Spot
) -> dict[str, Spot]:
    """Those of a building stand in it, the lowest floor first; all others along the fence."""
    known = {one.id for one in site.buildings}
    inside: dict[str, list[tuple[int, str]]] = {}
    outside: list[str] = []
    for agent in site.agents:
        for name, building, floor in (
            (agent.id, agent.building, -99),
            *((one.id, one.building, one.floor or 0) for one in agent.devices),
        ):
            if name in placed:
                continue
            if building in known and building is not None:
                inside.setdefault(building, []).append((floor, name))
            else:
                outside.append(name)
    found: dict[str, Spot] = {}
    for building, names in inside.items():
        spots = spread(outlines[building], len(names))
        found |= {name: spot for (_, name), spot in zip(sorted(names), spots, strict=True)}
    return found | dict(zip(outside, _along_fence(size, len(outside)), strict=True))


def _along_fence(size: Spot, count: int) -> list[Spot]:
    wide, high = max(1.0, size[0] - 2 * EDGE), max(1.0, size[1] - 2 * EDGE)
    whole = 2 * (wide + high)
    found: list[Spot] = []
    for number in range(count):
        way = whole * (number + 0.5) / count
        if way < wide:
            found.append((EDGE + wide - way, EDGE + high))
        elif way < wide + high:
            found.append((EDGE, EDGE + high - (way - wide)))
        elif way < 2 * wide + high:
            found.append((EDGE + way - wide - high, EDGE))
        else:
            found.append((EDGE + wide, EDGE + way - 2 * wide - high))
    return found


def _columns(count: int) -> int:
    return max(1, math.ceil(math.sqrt(count * 0.8)))


def _blocks(
    names: Sequence[str], origin: Spot, columns: int
) -> tuple[dict[str, tuple[Spot, ...]], Spot]:
    """Slabs in rows, facing south; and how far they reach, with the ground around them."""
    rows = math.ceil(len(names) / columns) if names else 0
    made: dict[str, tuple[Spot, ...]] = {}
    for number, name in enumerate(names):
        x = origin[0] + MARGIN + (number % columns) * (WIDE + GAP)
        y = origin[1] + MARGIN + (number // columns) * (DEEP + GAP)
        made[name] = ((x, y), (x + WIDE, y), (x + WIDE, y + DEEP), (x, y + DEEP))
    wide = 2 * MARGIN + max(1, min(columns, len(names))) * (WIDE + GAP) - GAP
    high = 2 * MARGIN + max(1, rows) * (DEEP + GAP) - GAP
    return made, (origin[0] + wide, origin[1] + high)


def _ground(size: Spot, outlines: Iterable[Sequence[Spot]]) -> tuple[Area, ...]:
    """What a schematic plan shows besides buildings: the plot, a road around, lawns."""
    wide, high = size
    plot = _box(3, 3, wide - 3, high - 3)
    ring = (*_box(15, 15, wide - 15, high - 15), (15.0, 15.0))
    lawns = [Area(kind="lawn", outline=_around(one), smooth=False) for one in outlines]
    return (
        Area(kind="plot", outline=plot),
        Area(kind="road", line=ring, width=7),
        *lawns,
        Area(kind="wall", line=(*plot, plot[0]), width=0.6),
    )


def _around(outline: Sequence[Spot]) -> tuple[Spot, ...]:
    xs, ys = [x for x, _ in outline], [y for _, y in outline]
    return _box(min(xs) - 6, min(ys) - 6, max(xs) + 6, max(ys) + 6)


def _box(x0: float, y0: float, x1: float, y1: float) -> tuple[Spot, ...]:
    return ((x0, y0), (x1, y0), (x1, y1), (x0, y1))

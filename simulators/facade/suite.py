"""The rendered suite: a sweep of falls over every condition, and harmless scenes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simulators.facade.bodies import Falling
from simulators.facade.scene import Decoy, Scene

SIZES_PX = (4.0, 6.0, 10.0, 16.0, 24.0)
CONTRASTS = (25.0, 40.0, 70.0, 110.0)
RATES = (10.0, 15.0, 20.0, 25.0, 30.0)
ROWS = (480, 720, 1080)
SHAKES_PX = (0.0, 0.0, 1.0, 3.0)
HEIGHTS = (0.5, 0.7, 0.95)
WEATHERS: dict[str, tuple[Decoy, ...]] = {
    "calm": (),
    "trees": ("tree",),
    "rain": ("tree", "rain"),
    "busy": ("tree", "bird", "leaf", "laundry", "light"),
}
KINDS: tuple[Falling, ...] = ("heavy", "heavy", "drifting")
NIGHTS = 0.3
"""Share of harmless scenes at night."""
DECOYS: tuple[Decoy, ...] = ("bird", "leaf", "rain", "insect", "laundry", "light", "exposure")


@dataclass(frozen=True, slots=True)
class Case:
    """A scene and the conditions it stands for, by name, for the table of results."""

    scene: Scene
    conditions: dict[str, str]


def sweep(count: int, *, seed: int, kinds: tuple[Falling, ...] = KINDS) -> Iterator[Case]:
    """`count` falls; every value of every condition comes up equally often."""
    rng = np.random.default_rng(seed)
    axes = {
        "size": SIZES_PX,
        "contrast": CONTRASTS,
        "fps": RATES,
        "rows": ROWS,
        "shake": SHAKES_PX,
        "height": HEIGHTS,
        "weather": tuple(WEATHERS),
        "light": ("day", "day", "night"),
        "kind": kinds,
    }
    columns = {
        name: rng.permutation(np.resize(np.arange(len(values)), count))
        for name, values in axes.items()
    }
    for i in range(count):
        drawn = {name: values[columns[name][i]] for name, values in axes.items()}
        yield _case(drawn, seed * 100_003 + i)


def negatives(
    count: int,
    *,
    seconds: float,
    seed: int,
    rows: Sequence[int] = (480, 720),
    rates: Sequence[float] = (10.0, 15.0, 25.0),
) -> Iterator[Case]:
    """`count` scenes in which nothing falls; each decoy alone by turns, then all together.

    rows, rates: heights of the picture, px, and pictures a second, to draw from.
    """
    rng = np.random.default_rng(seed)
    for i in range(count):
        name, decoys, shake = _harm(i % (len(DECOYS) + 2))
        night = bool(rng.random() < NIGHTS)
        scene = Scene(
            seed=seed * 100_003 + 50_000 + i,
            rows=int(rng.choice(rows)),
            fps=float(rng.choice(rates)),
            seconds=seconds,
            decoys=decoys,
            shake_px=shake,
            night=night,
            noise=6.0 if night else 2.0,
            quality=int(rng.choice([50, 75, 90])),
        )
        yield Case(scene, {"decoy": name, "light": "night" if night else "day"})


def _harm(turn: int) -> tuple[str, tuple[Decoy, ...], float]:
    """A name, the decoys and the amplitude of the shake of the harmless scene of that turn."""
    if turn < len(DECOYS):
        return DECOYS[turn], (DECOYS[turn], "tree"), 0.0
    if turn == len(DECOYS):
        return "shake", ("tree",), 5.0
    return "all", (*DECOYS, "tree"), 2.0


def _case(drawn: dict[str, object], seed: int) -> Case:
    night = drawn["light"] == "night"
    kind: Falling = "drifting" if drawn["kind"] == "drifting" else "heavy"
    scene = Scene(
        seed=seed,
        rows=int(str(drawn["rows"])),
        fps=float(str(drawn["fps"])),
        seconds=12.0 if kind == "drifting" else 6.0,
        fall=kind,
        size_px=float(str(drawn["size"])),
        contrast=float(str(drawn["contrast"])),
        drop_share=float(str(drawn["height"])),
        night=night,
        decoys=WEATHERS[str(drawn["weather"])],
        shake_px=float(str(drawn["shake"])),
        noise=5.0 if night else 2.0,
    )
    conditions = {name: str(value) for name, value in drawn.items()}
    if kind == "drifting":  # a 4 px drifting thing is a leaf: paper and bags are 20 cm and more
        scene = replace(scene, size_px=max(10.0, scene.size_px))
        conditions["size"] = str(scene.size_px)
    return Case(scene, conditions)

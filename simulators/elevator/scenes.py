"""Pictures of elevator cabins, rendered beforehand, played as what a car's camera sees.

A folder holds `index.toml` and JPEG sequences. Its cabins, bikes and seeds are disjoint from those
that a model was trained on (`training/cabins`).

```toml
[[cabin]]
id = "s01"
polygon = [[0.1, 0.2], …]        # the cabin in the picture, as shares of it

[[clip]]
cabin = "s01"
subject = "ebike"                # or stroller, wheelchair, bicycle, person, two-people, empty
take = "1"                       # enter, inside and leave of one take belong together
part = "enter"                   # or inside, leave; the empty car only has inside
folder = "s01/ebike-1/enter"     # *.jpg, in the order of their names
fps = 5
inside_s = 1.4                   # with `enter`: from here on it stands in the cabin
door = "open"                    # or closed; only while the door is so. Without it: always
backwards = true                 # the last picture first: who backs out the way they came in
```
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal

import cv2
import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from simulators import toml
from simulators.elevator.car import ElevatorCar, Part, Subject
from simulators.errors import ConfigError
from simulators.scenery import Pixels
from simulators.seeds import draw_from
from wire import Id

INDEX: Final = "index.toml"
_NOISE: Final = 2.5
_NOISES: Final = 5
_KEPT: Final = 256

Share = Annotated[float, Field(ge=0, le=1)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cabin(_Model):
    """polygon: the cabin in the picture, `[[x, y], …]` as shares of it."""

    id: Id
    polygon: tuple[tuple[Share, Share], ...]


class Clip(_Model):
    """One sequence; see the module's words."""

    cabin: Id
    subject: Subject
    take: str = "1"
    part: Part
    folder: Path
    fps: Annotated[float, Field(gt=0, le=30)]
    inside_s: Annotated[float, Field(ge=0, le=60)] = 0.0
    door: Literal["open", "closed"] | None = None
    backwards: bool = False

    def fits(self, *, door_open: bool) -> bool:
        """Whether it shows a door that stands so."""
        return self.door is None or (self.door == "open") is door_open


class _Index(_Model):
    cabin: Annotated[tuple[Cabin, ...], Field(min_length=1)]
    clip: Annotated[tuple[Clip, ...], Field(min_length=1)]


class CabinScenes:
    """The sequences of one folder. Raises ConfigError where one is missing or has no picture."""

    def __init__(self, folder: Path) -> None:
        index = toml.read(folder / INDEX, _Index)
        self.cabins = {one.id: one for one in index.cabin}
        self._clips: dict[tuple[str, str, str], list[Clip]] = {}
        self._frames: dict[Clip, tuple[Path, ...]] = {}
        for clip in index.clip:
            frames = tuple(sorted((folder / clip.folder).glob("*.jpg")))
            if not frames or clip.cabin not in self.cabins:
                raise ConfigError(f"{folder / INDEX}: clip {clip.folder}: no pictures, or no cabin")
            self._frames[clip] = frames[::-1] if clip.backwards else frames
            self._clips.setdefault((clip.cabin, clip.subject, clip.part), []).append(clip)
        for cabin in self.cabins:
            if (cabin, "empty", "inside") not in self._clips:
                raise ConfigError(f"{folder / INDEX}: cabin {cabin} has no clip of it being empty")

    def subjects(self, cabin: str) -> frozenset[str]:
        """Whom or what can ride in a cabin: those with all three parts."""
        parts = {(subject, part) for one, subject, part in self._clips if one == cabin}
        whole = {"enter", "inside", "leave"}
        return frozenset(
            subject for subject, _ in parts if {p for s, p in parts if s == subject} >= whole
        )

    def clip(
        self, cabin: str, subject: str, part: str, *, take: int, door_open: bool = True
    ) -> Clip:
        """One sequence; takes are counted through. Raises ConfigError where there is none."""
        every = self._clips.get((cabin, subject, part), [])
        found = [clip for clip in every if clip.fits(door_open=door_open)] or every
        if not found:
            raise ConfigError(f"cabin {cabin}: no clip of {subject}, {part}")
        return found[take % len(found)]

    def length_s(self, clip: Clip) -> float:
        """How long a sequence is."""
        return len(self._frames[clip]) / clip.fps

    def picture(self, clip: Clip, at_s: float) -> Pixels:
        """What it shows `at_s` after its beginning; its end stays, the inside goes to and fro."""
        frames = self._frames[clip]
        place = max(0, int(at_s * clip.fps))
        if clip.part != "inside":
            return _read(frames[min(place, len(frames) - 1)])
        there_and_back = max(1, 2 * len(frames) - 2)
        place %= there_and_back
        return _read(frames[min(place, there_and_back - place)])


class CarScene:
    """What one car's camera sees; callable as `simulators.scenery.Scene`."""

    def __init__(
        self, car: ElevatorCar, scenes: CabinScenes, cabin: str, now_s: Callable[[], float]
    ) -> None:
        self.cabin = scenes.cabins[cabin]
        self.scenes = scenes
        self.take = 0
        self._car = car
        self._now_s = now_s
        draw = np.random.default_rng(draw_from(f"noise-{car.device}", 1).randrange(2**32))
        empty = scenes.picture(scenes.clip(cabin, "empty", "inside", take=0), 0.0)
        self._noises = [
            draw.normal(0, _NOISE, empty.shape).astype(np.int16) for _ in range(_NOISES)
        ]

    def __call__(self, t: float) -> Pixels:
        """The picture now, with a sensor's noise: a live one is never twice the same."""
        view = self._car.view
        clip = self.clip(view.subject, view.part)
        picture = self.scenes.picture(clip, self._now_s() - view.since_s)
        noise = self._noises[int(t * 25) % _NOISES]
        noisy: Pixels = np.clip(picture.astype(np.int16) + noise, 0, 255).astype(np.uint8)
        return noisy

    def clip(self, subject: Subject, part: Part) -> Clip:
        """The sequence of the present take."""
        door_open = self._car.door_open
        return self.scenes.clip(self.cabin.id, subject, part, take=self.take, door_open=door_open)


@lru_cache(maxsize=_KEPT)
def _read(path: Path) -> Pixels:
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise ConfigError(f"{path}: cannot be read as a picture")
    return np.asarray(picture, np.uint8)

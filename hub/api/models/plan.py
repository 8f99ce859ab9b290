"""A site's plan, and what has been drawn over its cameras' pictures."""

from typing import Annotated, Literal

from pydantic import Field

from hub.api.models.base import Answer, Ask
from hub.config.plan import AreaKind, Drawing, Metres, Outline
from wire import Id, Text

Place = tuple[float, float]


class PlanArea(Answer):
    """Something on the ground: a closed `outline`, an open `line`, or trees at `spots`."""

    kind: AreaKind
    name: Text | None
    outline: list[Place] | None
    line: list[Place] | None
    spots: list[Place] | None
    width: float
    smooth: bool
    stalls: int


class PlanBuilding(Answer):
    """A building's ground. drawn: by somebody; otherwise it was laid out here."""

    id: str
    outline: list[Place]
    drawn: bool


class SitePlan(Answer):
    """A site's plan, with nothing left out.

    Metres on the ground, x to the right, y downward, (0, 0) the upper left corner. size: width and
    height. version: to be given with a change. source: drawn in the console, from a file beside
    the site's, or made from the registry. image: where its picture is fetched. places: of devices
    and agents, by id; placed: those of them that somebody has put where they are.
    editable: whoever asks may change it.
    """

    version: str
    source: Literal["drawn", "file", "made"]
    size: Place
    image: str | None
    areas: list[PlanArea]
    buildings: list[PlanBuilding]
    places: dict[str, Place]
    placed: list[str]
    editable: bool


class PlanChange(Ask):
    """What is moved and drawn; it holds at once, for everybody.

    version: of the plan that was changed. places: by device or agent, null to have it laid out.
    buildings: outlines by id, null likewise.
    """

    version: Annotated[str, Field(max_length=64)]
    places: Annotated[
        dict[Id, tuple[Metres, Metres] | None], Field(default_factory=dict, max_length=1000)
    ]
    buildings: Annotated[dict[Id, Outline | None], Field(default_factory=dict, max_length=100)]


class CameraDrawing(Answer):
    """What is drawn over a camera's picture.

    sort: `facade` or `cabin`. version: of the plan's file. saved: drawn here; otherwise it is what
        the site file says.
    waits: it has been saved since the hub's start, and the rules go by it from the next one on.
    agent: who keeps the camera's privacy mask, in a file on its own machine. mask_line: the line
        that has to stand there; null while none is drawn.
    """

    device: str
    sort: Literal["facade", "cabin"]
    version: str
    drawing: Drawing
    saved: bool
    waits: bool
    agent: str
    mask_line: str | None


class DrawingChange(Ask):
    """A camera's drawing, whole. version: of the plan's file. try_only: check it, keep nothing."""

    version: Annotated[str, Field(max_length=64)]
    drawing: Drawing
    try_only: bool = False

"""What has been drawn over a camera's picture, as the settings that its rules read."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from pydantic import BaseModel, ValidationError

from hub.config import Site
from hub.config.plan import Drawing, Plan, crosses
from hub.errors import ConfigError
from hub.rules.ebike_settings import Own as CarOwn
from hub.rules.facade.site import FacadeSite

Sort = Literal["facade", "cabin"]

SORTS: Final[Mapping[str, Sort]] = {"facade-camera": "facade", "elevator-camera": "cabin"}
"""By kind of device, what is drawn over its picture."""

_FACADE: Final = ("polygon", "masks", "floors", "columns")


def drawn_settings(kind: str, settings: Mapping[str, Any], drawing: Drawing) -> dict[str, Any]:
    """The settings of a device with the drawing in the place of what was there."""
    sort, made = SORTS.get(kind), dict(settings)
    said = drawing.model_dump(include={*_FACADE, "cabin"})
    if sort == "facade":
        before = dict(settings.get("facade") or {})
        made["facade"] = before | {name: said[name] for name in _FACADE}
    elif sort == "cabin":
        made["cabin"] = said["cabin"] or ()
    return made


def drawing_of(kind: str, settings: Mapping[str, Any]) -> Drawing:
    """The drawing that settings amount to."""
    sort = SORTS.get(kind)
    if sort == "facade":
        site = FacadeSite.model_validate(settings.get("facade") or {})
        return Drawing.model_validate(_within(site.model_dump(include=set(_FACADE))))
    if sort == "cabin":
        return Drawing(cabin=tuple(settings.get("cabin") or ()) or None)
    return Drawing()


def faults(kind: str, settings: Mapping[str, Any], drawing: Drawing) -> list[tuple[str, str]]:
    """What is wrong with a drawing: which shape (`masks[1]`), and why; empty when it will do."""
    found = [
        (name, "its edges cross each other")
        for name, shape in _shapes(drawing)
        if len(shape) >= 3 and crosses(shape)  # noqa: PLR2004 - a polygon's corners
    ]
    made, sort = drawn_settings(kind, settings, drawing), SORTS.get(kind)
    if sort is None:
        return [("", "nothing is drawn over the picture of such a device")]
    if sort == "facade":
        found += _refused(FacadeSite, made["facade"])
    else:
        found += _refused(CarOwn, {"cabin": made["cabin"]})
    return found


def with_drawings(site: Site, plan: Plan, path: object) -> Site:
    """The site with all drawings in its devices' settings. Raises ConfigError, naming `path`."""
    for name, drawing in plan.drawings.items():
        device = site.device(name)
        if device is not None:
            wrong = faults(device.kind, device.settings, drawing)
            if wrong:
                raise ConfigError(str(path), f"drawing.{name}.{wrong[0][0]}", wrong[0][1])
    agents = tuple(
        agent.model_copy(
            update={
                "devices": tuple(
                    device.model_copy(
                        update={
                            "settings": drawn_settings(
                                device.kind, device.settings, plan.drawings[device.id]
                            )
                        }
                    )
                    if device.id in plan.drawings
                    else device
                    for device in agent.devices
                )
            }
        )
        for agent in site.agents
    )
    return site.model_copy(update={"agents": agents})


def _shapes(drawing: Drawing) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = [
        (name, shape)
        for name, shape in (("polygon", drawing.polygon), ("cabin", drawing.cabin))
        if shape is not None
    ]
    found += [(f"masks[{row}]", shape) for row, shape in enumerate(drawing.masks)]
    return found + [(f"privacy[{row}]", shape) for row, shape in enumerate(drawing.privacy or ())]


def _refused(model: type[BaseModel], table: object) -> list[tuple[str, str]]:
    try:
        model.model_validate(table)
    except ValidationError as error:
        return [_told(fault["loc"], fault["msg"]) for fault in error.errors(include_input=False)]
    return []


def _told(loc: tuple[int | str, ...], message: str) -> tuple[str, str]:
    """A fault of the whole begins with the part's name: `floors: …`."""
    text = message.removeprefix("Value error, ")
    if not loc:
        name, colon, rest = text.partition(": ")
        return (name, rest) if colon and name.isidentifier() else ("", text)
    key = str(loc[0])
    if len(loc) > 1 and isinstance(loc[1], int) and key in {"masks", "floors", "columns"}:
        key += f"[{loc[1]}]"
    return key, text


def _within(table: Any) -> Any:
    """Corners that a hand-written file has outside the picture, on its border."""
    if isinstance(table, dict):
        return {
            name: value if name == "number" else _within(value) for name, value in table.items()
        }
    if isinstance(table, list | tuple):
        return tuple(_within(one) for one in table)
    return min(1.0, max(0.0, table)) if isinstance(table, int | float) else table

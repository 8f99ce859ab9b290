"""A plan as the text of its file: one thing a line, so that people can read it and compare two."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from hub.config.plan import Area, Drawing, Plan
from wire import Text

_HEAD: Final = """\
# Drawn in the console, and written anew by the hub with every change: comments do not last here.
# Metres on the ground, x to the right, y downward; shares of the picture over cameras' pictures.
"""


def written(plan: Plan) -> str:
    """TOML that reads as this plan."""
    return "\n".join([_HEAD, *_lines(plan)]) + "\n"


def _lines(plan: Plan) -> Iterator[str]:
    if plan.size:
        yield f"size = {_value(plan.size)}"
    if plan.image is not None:
        yield f"image = {_value(plan.image)}"
    if plan.places:
        yield "\n[places]"
        yield from (f"{name} = {_value(spot)}" for name, spot in plan.places.items())
    for building in plan.buildings:
        yield f"\n[[building]]\nid = {_value(building.id)}\noutline = {_value(building.outline)}"
    for area in plan.areas:
        yield from _area(area)
    for name, drawing in plan.drawings.items():
        yield from _drawing(name, drawing)


def _area(area: Area) -> Iterator[str]:
    yield "\n[[area]]"
    for key in ("kind", "name", "outline", "line", "spots", "width", "smooth", "stalls"):
        value = getattr(area, key)
        if value is not None and (key == "kind" or value != Area.model_fields[key].default):
            yield f"{key} = {_value(value)}"


def _drawing(name: str, drawing: Drawing) -> Iterator[str]:
    yield f"\n[drawing.{name}]"
    for key in ("polygon", "masks", "privacy", "cabin"):
        value = getattr(drawing, key)
        if value is not None and value != Drawing.model_fields[key].default:
            yield f"{key} = {_value(value)}"
    for key in ("floors", "columns"):
        strokes = getattr(drawing, key)
        if strokes:
            yield f"{key} = ["
            for one in strokes:
                parts = ", ".join(f"{part} = {_value(getattr(one, part))}" for part in _PARTS)
                yield f"  {{ {parts} }},"
            yield "]"


_PARTS: Final = ("number", "a", "b")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | int):
        return f"{round(value, 4):.4f}".rstrip("0").rstrip(".") or "0"
    if isinstance(value, Text):
        return f"{{ zh = {_value(value.zh)}, en = {_value(value.en)} }}"
    if isinstance(value, str):
        return '"' + "".join(_sign(one) for one in value) + '"'
    if isinstance(value, Sequence):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    raise TypeError(type(value).__name__)


def _sign(sign: str) -> str:
    if sign in '"\\':
        return "\\" + sign
    return sign if sign.isprintable() else f"\\U{ord(sign):08X}"


def as_toml(value: Any) -> str:
    """A number, text, or nested lists of them, as TOML has them."""
    return _value(value)

"""Where somebody says that something is: a building and a floor of the site, and words besides."""

from hub.api.models.case import NewCase
from hub.api.models.catalogue import Building, Site
from hub.errors import BadRequestError
from wire import Text


def place_of(site: Site, asked: NewCase) -> Text | None:
    """How the place of a new case reads; None leaves it to the device. Raises BadRequestError."""
    words = (asked.place or "").strip()
    if asked.building is None:
        if asked.floor is not None:
            raise BadRequestError("goes with a building", field="floor")
        return Text.plain(words) if words else None
    building = next((one for one in site.buildings if one.id == asked.building), None)
    if building is None:
        raise BadRequestError("is not a building of this site", field="building")
    floor = _floor(building, asked.floor)
    return Text(
        zh=" ".join(part for part in (building.name.zh + floor.zh, words) if part),
        en=", ".join(part for part in (building.name.en, floor.en, words) if part),
    )


def _floor(building: Building, floor: int | None) -> Text:
    if floor is None:
        return Text(zh="", en="")
    if floor == 0 or not -building.basements <= floor <= building.floors:
        within = f"{-building.basements}..{building.floors}"
        raise BadRequestError(f"is not within {within}", field="floor")
    if floor < 0:
        return Text(zh=f"地下{-floor}层", en=f"basement {-floor}")
    return Text(zh=f"{floor}层", en=f"floor {floor}")

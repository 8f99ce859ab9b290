"""What the catalogue says of a case's category, as the flow asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.cases.model import Case
from hub.config import Catalogue, Category, Department, StandardItem, Whistle
from hub.config.catalogue import OTHER
from hub.config.standard import Side
from wire import Text


@dataclass(frozen=True, slots=True)
class Terms:
    """The category of a case, and all departments of the catalogue by id."""

    category: Category
    departments: Mapping[str, Department]

    @property
    def joint(self) -> bool:
        """Several departments have to come together for it (联合哨, 攻坚哨)."""
        return self.category.whistle is not Whistle.REGULAR

    def name(self, department: str) -> Text:
        """What people call a department; its id when it has left the catalogue."""
        known = self.departments.get(department)
        return Text.plain(department) if known is None else known.name

    def item(self, name: str) -> StandardItem | None:
        """The line of the closing standard with this id."""
        return next((one for one in self.category.standard if one.id == name), None)

    def open_items(self, case: Case) -> tuple[StandardItem, ...]:
        """The lines that are not ticked, or lack photos, and without which it may not be closed."""
        ticked = {one.item for one in case.ticks}
        return tuple(
            one
            for one in self.category.standard
            if not one.optional
            and (self.missing(case, one) if one.photos else one.id not in ticked)
        )

    @property
    def pictured(self) -> bool:
        """Whether a line asks for photos."""
        return any(item.photos for item in self.category.standard)

    def missing(self, case: Case, item: StandardItem) -> tuple[Side, ...]:
        """The photos that a line asks for and the case does not have."""
        return tuple(side for side in item.photos if not case.photos(side))

    def photos_missing(self, case: Case) -> tuple[Side, ...]:
        """The photos without which it may not be closed."""
        asked = (item for item in self.category.standard if not item.optional)
        missing = {side for item in asked for side in self.missing(case, item)}
        return tuple(side for side in Side if side in missing)


class Rulebook:
    """The terms of every category; of one that has left the catalogue, those of `other`."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._terms = {
            name: Terms(category, catalogue.departments)
            for name, category in catalogue.categories.items()
        }

    def of(self, case: Case) -> Terms:
        """The terms of a case."""
        return self._terms.get(case.category) or self._terms[OTHER]

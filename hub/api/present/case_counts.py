"""Facets of the list of cases as an answer: values with their names, in the order of their use."""

from collections.abc import Callable, Mapping
from typing import Final

from hub.api.directory import Directory
from hub.api.models.case_queue import CaseFacet, CaseFacets, FacetValue
from hub.cases import STATE_NAMES, CaseState
from hub.config import Priority
from hub.store.reads.case_counts import MOST_LOOKED_THROUGH, CaseCounts
from hub.store.reads.cases import SOON_MS
from wire import Text

_DUE: Final = {
    "overdue": Text(zh="已超时", en="Overdue"),
    "soon": Text(zh="即将超时", en="Due soon"),
}
_NONE: Final = {
    "department": Text(zh="未派部门", en="No department"),
    "building": Text(zh="小区公共区域", en="Outside the buildings"),
    "assignee": Text(zh="无人认领", en="Nobody's"),
}
_ORDER: Final = {
    "step": [one.value for one in CaseState],
    "priority": [one.value for one in Priority],
    "due": [*_DUE],
}
"""Facets whose values have an order of their own; the others go by their counts."""


def show_facets(counts: CaseCounts, directory: Directory, site: str) -> CaseFacets:
    """What was counted, with the names of what the catalogue and the site call it."""
    names = _names(directory, site)
    facets = [
        CaseFacet.model_validate(
            {"id": facet, "values": _values(facet, counts.by.get(facet, {}), name_of)}
        )
        for facet, name_of in names.items()
    ]
    return CaseFacets(
        total=counts.total,
        capped=counts.capped,
        looked_through=MOST_LOOKED_THROUGH,
        soon_ms=SOON_MS,
        facets=facets,
    )


def branches(directory: Directory) -> dict[str, str]:
    """By category, its branch of the catalogue."""
    return {one.id: one.branch_id for one in directory.categories.values()}


def _values(
    facet: str, counts: Mapping[str | None, int], name_of: Callable[[str], Text | None]
) -> list[FacetValue]:
    order = _ORDER.get(facet)
    found = [one for one in counts.items() if one[1]]
    if order is None:
        found.sort(key=lambda one: (one[0] is None, -one[1], one[0] or ""))
    else:
        found.sort(key=lambda one: order.index(one[0]) if one[0] in order else len(order))
    return [
        FacetValue(id=value, name=_name(facet, value, name_of), count=count)
        for value, count in found
    ]


def _name(facet: str, value: str | None, name_of: Callable[[str], Text | None]) -> Text:
    if value is None:
        return _NONE.get(facet, Text(zh="无", en="None"))
    return name_of(value) or Text.plain(value)


def _names(directory: Directory, site: str) -> dict[str, Callable[[str], Text | None]]:
    """The facets in their order, each with what its values are called."""
    branch_names = {one.branch_id: one.branch for one in directory.categories.values()}
    categories = {one.id: one.name for one in directory.categories.values()}
    buildings = {one.id: one.name for one in directory.sites[site].buildings}
    return {
        "due": _DUE.get,
        "step": lambda value: STATE_NAMES.get(CaseState(value)),
        "priority": lambda _: None,
        "branch": branch_names.get,
        "category": categories.get,
        "department": directory.department,
        "building": buildings.get,
        "assignee": lambda _: None,
    }

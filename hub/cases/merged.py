"""Which case stands for one that was merged into another."""

from collections.abc import Callable

from hub.cases.model import Case


def standing(case: Case, find: Callable[[str], Case | None]) -> Case:
    """The case that is handled in its stead; itself where it was not merged.

    find: the case of the same site with this id. A lead is never merged itself.
    """
    lead = None if case.merged_into is None else find(case.merged_into)
    return case if lead is None else lead

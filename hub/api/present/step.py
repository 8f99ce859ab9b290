"""A step of an alert's or a case's history as an answer."""

from collections.abc import Mapping
from typing import Any, TypeVar

from hub.api.models.base import Step
from hub.store.reads.page import Record

S = TypeVar("S", bound=Step)


def show_step(model: type[S], row: Record, detail: Mapping[str, Any] | None = None) -> S:
    """The step; `detail` stands in for the row's own."""
    return model(
        at=row["at"],
        actor=row["actor"],
        action=row["action"],
        from_state=row["from_state"],
        to_state=row["to_state"],
        note=row["note"],
        detail=dict((row["detail"] or {}) if detail is None else detail),
    )

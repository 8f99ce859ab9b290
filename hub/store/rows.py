"""What the rows of a table are: values of the domain."""

from collections.abc import Mapping
from typing import Any

from hub.cases import Case, CaseSource, CaseState, Party, Tick
from hub.config import Priority
from wire import Text


def case_of(row: Mapping[Any, Any]) -> Case:
    """A case from a row of its table."""
    columns = {name: row[name] for name in Case.__slots__}  # its columns bear the fields' names
    columns["title"] = Text.model_validate(row["title"])
    columns["place"] = None if row["place"] is None else Text.model_validate(row["place"])
    columns["priority"] = Priority(row["priority"])
    columns["state"] = CaseState(row["state"])
    columns["source"] = CaseSource(row["source"])
    columns["parties"] = tuple(Party(**one) for one in row["parties"] or ())
    columns["ticks"] = tuple(Tick(**one) for one in row["ticks"] or ())
    return Case(**columns)

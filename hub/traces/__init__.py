"""Access traces: who passed where, when."""

from hub.traces.habits import Habits, Hours, habits_of
from hub.traces.passage import (
    BESIDES,
    PASSED,
    Passage,
    PassageResult,
    passage_of,
    result_of,
    way_of,
)

__all__ = [
    "BESIDES",
    "PASSED",
    "Habits",
    "Hours",
    "Passage",
    "PassageResult",
    "habits_of",
    "passage_of",
    "result_of",
    "way_of",
]

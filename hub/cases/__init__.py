"""Cases: the closed loop, and what people may do at each of its steps."""

from hub.cases.concern import concerned
from hub.cases.deadlines import STEP_OF, Step, Timetable, due, hastened, timed
from hub.cases.flow import allowed, apply
from hub.cases.given import Given
from hub.cases.merged import standing
from hub.cases.model import (
    SOURCE_NAMES,
    SYSTEM,
    Case,
    CaseSource,
    CaseState,
    HistoryEntry,
    Party,
    Tick,
    case_id_of_alert,
)
from hub.cases.opening import open_by_hand, open_from_alert
from hub.cases.resolution import RESOLUTIONS, Resolution
from hub.cases.table import (
    ACTIONS,
    BULK,
    DONE_STATES,
    FINAL_STATES,
    START,
    STATE_NAMES,
    TRANSITIONS,
    ActionSpec,
)
from hub.cases.terms import Rulebook, Terms

__all__ = [
    "ACTIONS",
    "BULK",
    "DONE_STATES",
    "FINAL_STATES",
    "RESOLUTIONS",
    "SOURCE_NAMES",
    "START",
    "STATE_NAMES",
    "STEP_OF",
    "SYSTEM",
    "TRANSITIONS",
    "ActionSpec",
    "Case",
    "CaseSource",
    "CaseState",
    "Given",
    "HistoryEntry",
    "Party",
    "Resolution",
    "Rulebook",
    "Step",
    "Terms",
    "Tick",
    "Timetable",
    "allowed",
    "apply",
    "case_id_of_alert",
    "concerned",
    "due",
    "hastened",
    "open_by_hand",
    "open_from_alert",
    "standing",
    "timed",
]

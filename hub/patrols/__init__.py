"""Patrols: when a round is due, and what becomes of it while it is walked."""

from hub.patrols.presence import code_of, moment, proved
from hub.patrols.round import (
    RESULT_NAMES,
    ROUND_STATE_NAMES,
    Point,
    Result,
    Round,
    RoundState,
    Visit,
)
from hub.patrols.schedule import due_between, next_due
from hub.patrols.walk import begin, ended, given_longer, refusal, visited

__all__ = [
    "RESULT_NAMES",
    "ROUND_STATE_NAMES",
    "Point",
    "Result",
    "Round",
    "RoundState",
    "Visit",
    "begin",
    "code_of",
    "due_between",
    "ended",
    "given_longer",
    "moment",
    "next_due",
    "proved",
    "refusal",
    "visited",
]

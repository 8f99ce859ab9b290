"""Judges what a facade camera saw: which tracks are things that fall, and from which floor."""

from hub.rules.facade.events import FallEvent, events_of
from hub.rules.facade.judge import Label, Verdict, VerdictKind, judge
from hub.rules.facade.origin import Origin
from hub.rules.facade.site import FacadeSite, Line

__all__ = [
    "FacadeSite",
    "FallEvent",
    "Label",
    "Line",
    "Origin",
    "Verdict",
    "VerdictKind",
    "events_of",
    "judge",
]

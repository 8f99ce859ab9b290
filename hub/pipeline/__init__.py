"""The line's middle: stored, watched, alarmed, turned into cases, in one transaction each."""

from hub.pipeline.acts import (
    Act,
    AlertAct,
    AskService,
    CaseAct,
    HoldAct,
    ModeAct,
    OpenCase,
    RateReport,
    ReportCase,
    Say,
    StartRound,
    SwitchMode,
    VisitPoint,
)
from hub.pipeline.batch import StreamAck
from hub.pipeline.housekeeping import Housekeeping
from hub.pipeline.incoming import Incoming, read
from hub.pipeline.paging import OnRecordOnly, Paging
from hub.pipeline.pipeline import AgentHeard, Pipeline
from hub.pipeline.registry import Registry
from hub.pipeline.sighting import Sighting
from hub.pipeline.stations import Stations, make_stations
from hub.pipeline.work import Committed, LiveReading, SeenFrame, Work
from hub.pipeline.writer import Priority, Writer

__all__ = [
    "Act",
    "AgentHeard",
    "AlertAct",
    "AskService",
    "CaseAct",
    "Committed",
    "HoldAct",
    "Housekeeping",
    "Incoming",
    "LiveReading",
    "ModeAct",
    "OnRecordOnly",
    "OpenCase",
    "Paging",
    "Pipeline",
    "Priority",
    "RateReport",
    "Registry",
    "ReportCase",
    "Say",
    "SeenFrame",
    "Sighting",
    "StartRound",
    "Stations",
    "StreamAck",
    "SwitchMode",
    "VisitPoint",
    "Work",
    "Writer",
    "make_stations",
    "read",
]

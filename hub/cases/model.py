"""A case: one matter that people take from its discovery to its close, and beyond."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from hub.config import Priority
from hub.config.standard import Side
from wire import Text


class CaseState(StrEnum):
    """The eight steps of the closed loop, and the two ways out of it."""

    DISCOVERED = "discovered"  # 发现
    ACCEPTED = "accepted"  # 受理
    DISPATCHED = "dispatched"  # 派遣
    HANDLING = "handling"  # 处置
    VERIFYING = "verifying"  # 核查
    CLOSED = "closed"  # 结案
    ASSESSED = "assessed"  # 考核
    RATED = "rated"  # 评价
    REJECTED = "rejected"  # 不予受理
    MERGED = "merged"  # 并案


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the closing standard that somebody found to be true. item: its id."""

    item: str
    at: int
    by: str


@dataclass(frozen=True, slots=True)
class Party:
    """A department that works on a case jointly with others (联合哨); one of them leads.

    reported_at, reported_by, note: of its part, once it has reported that; the lead reports the
    case as a whole and has none.
    """

    department: str
    lead: bool
    reported_at: int | None = None
    reported_by: str | None = None
    note: str | None = None


class CaseSource(StrEnum):
    """Who or what a case was heard of from."""

    ALARM = "alarm"
    PERSON = "person"  # guards, grid staff
    RESIDENT = "resident"  # 随手拍
    PLATFORM = "platform"  # a hotline, another system
    INSPECTION = "inspection"


SOURCE_NAMES: Final = {
    CaseSource.ALARM: Text(zh="报警", en="Alarm"),
    CaseSource.PERSON: Text(zh="人工上报", en="Staff report"),
    CaseSource.RESIDENT: Text(zh="居民随手拍", en="Resident report"),
    CaseSource.PLATFORM: Text(zh="平台转办", en="Hotline or platform"),
    CaseSource.INSPECTION: Text(zh="巡查", en="Inspection"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """A case.

    number: what people call it by, unique on its site. alert: id of the alert that it came from.
    department: who handles it, by the catalogue; watcher: the department that keeps an eye on a
    contractor to whom it went directly. assignee: name of the user who has it.
    disputed_by: the user who says that its department is the wrong one, until that is settled.
    parties: whoever handles it jointly; ticks: of its closing standard. photos_before,
    photos_after: how many were brought that show how it was found, and how it was left.
    merged_into: id of the case that stands for it. resolution: one of `RESOLUTIONS`.
    rating: 1 to 5. supervised: under supervision (督办) until it is closed.
    due_at: by when the step under way has to be done. timer_at: when time next does something to
    it. unit: of the organisation, who answers for it now; rung: how often it was raised for that.
    building, floor: where it is, as far as the site's buildings tell.
    version: from 1, one more with each change. Times are ms.
    """

    id: str
    site: str
    number: str
    category: str
    title: Text
    priority: Priority
    state: CaseState
    opened_at: int
    updated_at: int
    device: str | None = None
    place: Text | None = None
    alert: str | None = None
    assignee: str | None = None
    closed_at: int | None = None
    resolution: str | None = None
    rating: int | None = None
    supervised: bool = False
    source: CaseSource = CaseSource.PERSON
    due_at: int | None = None
    timer_at: int | None = None
    unit: str | None = None
    rung: int = 0
    department: str | None = None
    watcher: str | None = None
    disputed_by: str | None = None
    merged_into: str | None = None
    parties: tuple[Party, ...] = ()
    ticks: tuple[Tick, ...] = ()
    photos_before: int = 0
    photos_after: int = 0
    building: str | None = None
    floor: int | None = None
    version: int = 1

    def photos(self, side: Side) -> int:
        """How many photos it has that show it so."""
        return self.photos_before if side is Side.BEFORE else self.photos_after

    @property
    def waited_for(self) -> tuple[str, ...]:
        """Departments that help and have not reported their part."""
        return tuple(
            one.department for one in self.parties if not one.lead and one.reported_at is None
        )


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of a case's history; `from_state` is None on the first.

    actor: the user's name, or `SYSTEM`.
    """

    at: int
    actor: str
    action: str
    from_state: CaseState | None
    to_state: CaseState
    note: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


SYSTEM = "system"
"""The actor of what the hub does by itself; no user may be called so."""


def case_id_of_alert(alert: str) -> str:
    """The id of the case that an alert becomes: 16 hex digits, the same each time."""
    return hashlib.sha256(f"case|{alert}".encode()).hexdigest()[:16]

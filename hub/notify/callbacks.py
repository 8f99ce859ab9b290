"""What another system is told of a case that it reported, written down with each step."""

import hashlib
import re
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, or_, select

from hub.cases import RESOLUTIONS, STATE_NAMES, Case, CaseState, HistoryEntry
from hub.store.reads.page import Record
from hub.store.schema import case_, machine, report
from hub.store.write.notifications import CALLBACK, Notice, put_notice
from wire.plates import PROVINCES

_BACK: Final = {"send-back": "returned", "dispute": "returned", "reopen": "reopened"}
_REACHED: Final = {
    CaseState.ACCEPTED: "accepted",
    CaseState.DISPATCHED: "dispatched",
    CaseState.HANDLING: "handling",
    CaseState.CLOSED: "closed",
    CaseState.REJECTED: "rejected",
    CaseState.MERGED: "merged",
    CaseState.RATED: "rated",
}
_WITH_REASON: Final = frozenset({"returned", "rejected", "reopened"})

_NUMBER: Final = re.compile(r"(?:[0-9][ -]?){6,}[Xx]?")
_PLATE: Final = re.compile(rf"[{PROVINCES}][A-Z][·• ]?[0-9A-Z]{{4,6}}[挂学警港澳]?", re.IGNORECASE)
_DOTS: Final = "•••"


def event_of(entry: HistoryEntry) -> str | None:
    """What a step means to whoever reported the case; None for what stays inside.

    A second dispatch, a second try at the same step, an assessment: the reporter's matter stands
    where it stood.
    """
    if entry.action == "unmerge":
        return "reopened"
    if entry.from_state is entry.to_state and entry.action != "rate":
        return None
    if entry.from_state is CaseState.VERIFYING and entry.to_state is CaseState.HANDLING:
        return None
    return "rated" if entry.action == "rate" else _BACK.get(entry.action, _known(entry))


def put_callbacks(connection: Connection, case: Case, entry: HistoryEntry, now: int) -> None:
    """Have the systems told that reported the case, or one that it stands for.

    case: after the step.
    """
    event = event_of(entry)
    if event is None:
        return
    for row in connection.execute(_reports(case)).mappings():
        key = f"{CALLBACK}|{row['case_id']}|{case.id}|{case.version}|{row['machine']}"
        notice = Notice(
            id=hashlib.sha256(key.encode()).hexdigest()[:32],
            site=case.site,
            kind=CALLBACK,
            ref=row["case_id"],
            post=row["machine"],
            channel=CALLBACK,
            message=_body(row, case, event, entry),
        )
        put_notice(connection, notice, now)


def without_numbers(text: str) -> str:
    """The words of a member of staff without what looks like a plate, card or telephone number."""
    return _NUMBER.sub(_DOTS, _PLATE.sub(_DOTS, text))


def _known(entry: HistoryEntry) -> str | None:
    return _REACHED.get(entry.to_state)


def _body(row: Record, case: Case, event: str, entry: HistoryEntry) -> dict[str, Any]:
    """No names: what the platform gave itself, and where its matter stands."""
    resolution = None if case.resolution is None else RESOLUTIONS.get(case.resolution)
    stands_for = None if row["case_id"] == case.id else case.number
    if event == "merged":
        stands_for = entry.detail.get("number")
    told = entry.note if event in _WITH_REASON else None
    return {
        "event": event,
        "at": entry.at,
        "version": case.version,
        "id": row["case_id"],
        "site": case.site,
        "number": row["number"],
        "reference": row["reference"],
        "category": row["category"],
        "opened_at": row["opened_at"],
        "state": case.state.value,
        "state_name": STATE_NAMES[case.state].model_dump(),
        "closed_at": case.closed_at,
        "resolution": None if resolution is None else resolution.name.model_dump(),
        "reason": None if told is None else without_numbers(told),
        "rating": case.rating,
        "merged_into": stands_for,
    }


def _reports(case: Case) -> Any:
    """Reports of the case and of those merged into it, whose systems can be told."""
    mine: ColumnElement[bool] = or_(case_.c.id == case.id, case_.c.merged_into == case.id)
    return (
        select(
            report.c.case_id,
            report.c.reference,
            machine.c.id.label("machine"),
            case_.c.number,
            case_.c.category,
            case_.c.opened_at,
        )
        .join(case_, case_.c.id == report.c.case_id)
        .join(machine, machine.c.id == report.c.reporter)
        .where(mine, machine.c.callback_url.is_not(None), machine.c.ended_at.is_(None))
        .order_by(report.c.case_id)
    )

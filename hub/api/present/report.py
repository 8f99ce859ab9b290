"""Reports and machines as answers."""

from sqlalchemy import Connection

from hub.access.machines import ENDING_MS
from hub.api.models.base import Page
from hub.api.models.report import Callback, Callbacks, Machine, ReportState, ReportTaken
from hub.cases import RESOLUTIONS, STATE_NAMES
from hub.errors import NotFoundError
from hub.store.people.machines import Machine as Kept
from hub.store.reads import reports as reads
from hub.store.reads.callbacks import Told
from hub.store.reads.page import Record
from hub.store.rows import case_of


def taken(reader: Connection, reporter: str, case: str) -> ReportTaken:
    """What a report became. Raises NotFoundError for one that is not the reporter's."""
    state = report_state(reader, reporter, case)
    return ReportTaken(**{name: getattr(state, name) for name in ReportTaken.model_fields})


def report_state(reader: Connection, reporter: str, case: str) -> ReportState:
    """Where a reported case stands. Raises NotFoundError for one that is not the reporter's."""
    row = reads.reported_case(reader, reporter, case)
    if row is None:
        raise NotFoundError("case", case)
    return _state(row)


def report_page(
    reader: Connection, reporter: str, *, since: int, after: str | None, limit: int
) -> Page[ReportState]:
    """The reporter's cases that changed at `since` or later, the longest unchanged first."""
    found = reads.changed_cases(reader, reporter, since=since, after=after, limit=limit)
    return Page(items=[_state(row) for row in found.records], next=found.next)


def show_machine(one: Kept, told: Told, now: int) -> Machine:
    """A machine, without any of its secrets. now: ms."""
    return Machine(
        id=one.id,
        name=one.name,
        sites=sorted(one.sites),
        per_minute=one.per_minute,
        created_at=one.created_at,
        created_by=one.created_by,
        changed_at=one.changed_at,
        old_until=one.old_until,
        ended_at=one.ended_at,
        uses=sorted(one.uses),
        until=one.until,
        ending=one.until is not None and one.until - ENDING_MS <= now,
        callbacks=None
        if one.callback_url is None
        else Callbacks(
            url=one.callback_url, waiting=told.waiting, failed=told.failed, sent_at=told.sent_at
        ),
    )


def show_callback(row: Record) -> Callback:
    """What a system was told of one of its cases, and whether it took it."""
    return Callback(
        id=row["id"],
        case=row["ref"],
        number=row["message"]["number"],
        event=row["message"]["event"],
        state=row["state"],
        created_at=row["created_at"],
        tries=row["tries"],
        try_at=row["try_at"],
        ended_at=row["ended_at"],
        error=row["error"],
    )


def _state(row: Record) -> ReportState:
    case = case_of(row)
    resolution = None if case.resolution is None else RESOLUTIONS.get(case.resolution)
    return ReportState(
        id=case.id,
        site=case.site,
        number=case.number,
        reference=row["reference"],
        opened_at=case.opened_at,
        category=case.category,
        state=case.state,
        state_name=STATE_NAMES[case.state],
        updated_at=case.updated_at,
        closed_at=case.closed_at,
        resolution=None if resolution is None else resolution.name,
    )

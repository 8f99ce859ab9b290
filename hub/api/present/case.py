"""Cases as answers."""

from collections.abc import Iterable

from sqlalchemy import Connection

from hub.access.authorise import Thing, may
from hub.access.permissions import Permission
from hub.access.roles import Actor
from hub.api.directory import Directory
from hub.api.models.base import Page
from hub.api.models.case import (
    Case,
    CaseRef,
    CaseReport,
    CaseStep,
    CaseWithHistory,
    PartyLine,
    StandardLine,
)
from hub.api.present.actions import offered
from hub.api.present.alert import show_alert
from hub.api.present.command import show_command
from hub.api.present.step import show_step
from hub.cases import SOURCE_NAMES, STATE_NAMES, allowed, concerned
from hub.cases import Case as Domain
from hub.errors import NotFoundError
from hub.store.reads import cases as reads
from hub.store.reads.alerts import alerts_of_case
from hub.store.reads.commands import commands_of_case
from hub.store.reads.page import Record
from hub.store.rows import case_of
from hub.store.write.reports import RESIDENT, Report, report_of
from wire import Text


def show_case(row: Record, directory: Directory, actor: Actor) -> Case:
    """A case as `actor` sees it."""
    value = case_of(row)
    category = directory.categories.get(value.category)
    permitted = may(actor, Permission.CASE_ACT, Thing(value.site))
    return Case(
        id=value.id,
        site=value.site,
        number=value.number,
        category=value.category,
        category_name=category.name if category else Text.plain(value.category),
        title=value.title,
        priority=value.priority,
        state=value.state,
        state_name=STATE_NAMES[value.state],
        device=value.device,
        place=value.place,
        alert=value.alert,
        department=value.department,
        department_name=directory.department(value.department),
        watcher_name=directory.department(value.watcher),
        disputed_by=value.disputed_by,
        merged_into=value.merged_into,
        assignee=value.assignee,
        opened_at=value.opened_at,
        updated_at=value.updated_at,
        closed_at=value.closed_at,
        resolution=value.resolution,
        rating=value.rating,
        supervised=value.supervised,
        source=value.source,
        source_name=SOURCE_NAMES[value.source],
        due_at=value.due_at,
        unit=None
        if value.unit is None
        else directory.units.get(value.unit, Text.plain(value.unit)),
        rung=value.rung,
        building=value.building,
        floor=value.floor,
        photos_missing=list(directory.rulebook.of(value).photos_missing(value)),
        version=value.version,
        actions=offered(
            allowed(value, actor.role, directory.rulebook.of(value), actor.name, actor.department),
            permitted=permitted,
        ),
    )


def case_page(
    reader: Connection, directory: Directory, actor: Actor, *, site: str, query: reads.CaseQuery
) -> Page[Case]:
    """A page of cases."""
    found = reads.case_rows(reader, site, query)
    return Page(items=[show_case(row, directory, actor) for row in found.records], next=found.next)


def case_with_history(
    reader: Connection, directory: Directory, actor: Actor, *, site: str, case: str
) -> CaseWithHistory:
    """One case with its steps, alerts and commands. Raises NotFoundError."""
    row = reads.one_case(reader, site, case)
    if row is None or not concerned(case_of(row), actor.department):
        raise NotFoundError("case", case)
    value = case_of(row)
    lead = None if value.merged_into is None else reads.one_case(reader, site, value.merged_into)
    if lead is not None and not concerned(case_of(lead), actor.department):
        lead = None
    alerts = alerts_of_case(reader, site, case)
    return CaseWithHistory(
        **dict(show_case(row, directory, actor)),
        standard=_standard(value, directory),
        parties=_parties(value, directory),
        lead=None if lead is None else _ref(lead),
        merged=_refs(reads.merged_cases(reader, site, case), actor),
        links=_refs(reads.linked_cases(reader, site, case), actor),
        history=[_step(step, directory) for step in reads.case_steps(reader, case)],
        alerts=[show_alert(alert, directory, actor) for alert in alerts],
        commands=[show_command(command) for command in commands_of_case(reader, site, case)],
        report=_report(report_of(reader, case)),
    )


def _report(kept: Report | None) -> CaseReport | None:
    if kept is None:
        return None
    return CaseReport(
        reporter="resident" if kept.reporter == RESIDENT else "platform",
        reference=kept.reference,
        answers=kept.receipt_hash is not None,
        contact=kept.contact is not None,
        rating=kept.rating,
    )


def _standard(case: Domain, directory: Directory) -> list[StandardLine]:
    """The category's lines as they stand now, with who ticked each and when."""
    ticked = {one.item: one for one in case.ticks}
    terms = directory.rulebook.of(case)
    return [
        StandardLine(
            id=item.id,
            text=item.text,
            optional=item.optional,
            photos=list(item.photos),
            missing=list(terms.missing(case, item)),
            at=None if (tick := ticked.get(item.id)) is None else tick.at,
            by=None if tick is None else tick.by,
        )
        for item in terms.category.standard
    ]


def _parties(case: Domain, directory: Directory) -> list[PartyLine]:
    return [
        PartyLine(
            department=one.department,
            name=directory.department(one.department) or Text.plain(one.department),
            lead=one.lead,
            reported_at=one.reported_at,
            reported_by=one.reported_by,
            note=one.note,
        )
        for one in case.parties
    ]


def _refs(rows: Iterable[Record], actor: Actor) -> list[CaseRef]:
    return [_ref(row) for row in rows if concerned(case_of(row), actor.department)]


def _ref(row: Record) -> CaseRef:
    value = case_of(row)
    return CaseRef(
        id=value.id,
        number=value.number,
        title=value.title,
        priority=value.priority,
        state=value.state,
        state_name=STATE_NAMES[value.state],
    )


def _step(row: Record, directory: Directory) -> CaseStep:
    """Names stand beside the ids that a step's detail holds."""
    detail = dict(row["detail"] or {})
    unit = directory.units.get(detail.get("unit", ""))
    if unit is not None:
        detail["unit_name"] = unit.model_dump()
    for key in ("department", "watcher"):
        name = directory.department(detail.get(key))
        if name is not None:
            detail[f"{key}_name"] = name.model_dump()
    for key in ("helpers", "missing"):
        names = [directory.department(one) for one in detail.get(key, ())]
        if names:
            detail[f"{key}_names"] = [one.model_dump() for one in names if one is not None]
    post = directory.org.tree.post(detail.get("via", ""))
    if post is not None:
        detail["via_name"] = post.name.model_dump()
    mode = directory.modes.get(detail.get("mode", ""))
    if mode is not None:
        detail["mode_name"] = mode.name.model_dump()
    return show_step(CaseStep, row, detail)

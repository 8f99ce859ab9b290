"""Modes as answers."""

from collections.abc import Mapping

from sqlalchemy import Connection

from hub.access.authorise import Thing, may
from hub.access.permissions import Permission
from hub.access.roles import Actor
from hub.alerts import AllowedAction
from hub.alerts.modes import OVER, refused
from hub.api.directory import Directory
from hub.api.models import modes as shown
from hub.api.models.base import Page
from hub.api.present.actions import offered
from hub.api.present.alert import condition_of
from hub.config import CaseChange, Catalogue, Mode
from hub.errors import NotFoundError
from hub.store.reads import modes as reads
from hub.store.reads.page import Record
from wire import Text

ACTIONS: Mapping[str, Text] = {
    "prolong": Text(zh="调整结束时间", en="Change the end"),
    "end": Text(zh="转回平时", en="Back to normal"),
}


def show_mode(mode: Mode, directory: Directory, catalogue: Catalogue) -> shown.Mode:
    """A mode and what it changes, in words."""
    return shown.Mode(
        id=mode.id,
        name=mode.name,
        tone=mode.tone,
        role=mode.role,
        longest_s=mode.longest,
        guide=mode.guide,
        alarms=[
            shown.AlarmChange(
                condition=name,
                name=condition_of(directory, name).name,
                usual=condition_of(directory, name).priority,
                priority=priority,
            )
            for name, priority in mode.alarms.items()
        ],
        cases=[_change(one, directory, catalogue) for one in mode.cases],
    )


def show_switch(row: Record, directory: Directory, actor: Actor) -> shown.ModeSwitch:
    """One time that a mode was switched on, as `actor` sees it."""
    mode = directory.modes.get(row["mode"])
    area = directory.whole_or_building(row["site"], row["area"])
    permitted = may(actor, Permission.MODE_SWITCH, Thing(row["site"]))
    why = OVER if row["ended_at"] is not None else None
    if why is None and mode is not None:
        why = refused(mode, actor.role)
    columns = {name: row[name] for name in shown.ModeSwitch.model_fields if name in row}
    return shown.ModeSwitch(
        **columns,
        area_name=area,
        name=Text.plain(row["mode"]) if mode is None else mode.name,
        tone="emergency" if mode is None else mode.tone,
        guide=Text.plain("") if mode is None else mode.guide,
        actions=offered(
            [AllowedAction(name, text, why is None, why) for name, text in ACTIONS.items()],
            permitted=permitted,
        ),
    )


def switch_page(
    reader: Connection,
    directory: Directory,
    actor: Actor,
    *,
    site: str,
    state: str,
    limit: int,
    before: str | None,
) -> Page[shown.ModeSwitch]:
    """A page of them."""
    found = reads.switch_rows(reader, site, state=state, limit=limit, before=before)
    items = [show_switch(row, directory, actor) for row in found.records]
    return Page(items=items, next=found.next)


def one_switch(
    reader: Connection, directory: Directory, actor: Actor, *, site: str, name: str
) -> shown.ModeSwitch:
    """One of them. Raises NotFoundError."""
    row = reads.one_switch(reader, site, name)
    if row is None:
        raise NotFoundError("mode", name)
    return show_switch(row, directory, actor)


def _change(one: CaseChange, directory: Directory, catalogue: Catalogue) -> shown.CaseChange:
    org = directory.org
    level = next((level.name for level in org.tree.levels if level.id == one.level), None)
    return shown.CaseChange(
        about=[
            *(catalogue.classes[name].name for name in one.classes),
            *(catalogue.categories[name].name for name in one.categories),
        ],
        priority=one.priority,
        time=one.time,
        always=one.hours is not None and not catalogue.calendars[one.hours].windows,
        level=level,
        lead=None if one.lead is None else catalogue.departments[one.lead].name,
        call=[post.name for name in one.call if (post := org.tree.post(name)) is not None],
    )

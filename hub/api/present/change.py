"""Changes of the feed as the stream's events.

A change is loaded once, for all who follow the site, and shown to each of them as they may see
it: `load_change` is for the feed, `show_change` for the stream.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import Connection

from hub.access.roles import Actor
from hub.api.directory import Directory
from hub.api.models.line import Agent
from hub.api.models.stream import (
    AgentEvent,
    AlertEvent,
    CaseEvent,
    CommandEvent,
    DeviceEvent,
    ModeEvent,
    RoundEvent,
)
from hub.api.present.agent import one_agent
from hub.api.present.alert import show_alert
from hub.api.present.case import show_case
from hub.api.present.command import show_command
from hub.api.present.device import DeviceState, device_state, show_device
from hub.api.present.modes import show_switch
from hub.api.present.patrols import show_round
from hub.cases import concerned
from hub.live.events import Changed
from hub.store.reads.alerts import one_alert
from hub.store.reads.cases import one_case
from hub.store.reads.commands import one_command
from hub.store.reads.modes import one_switch
from hub.store.reads.patrols import one_round
from hub.store.rows import case_of

ChangeEvent = (
    AlertEvent | CaseEvent | DeviceEvent | AgentEvent | CommandEvent | ModeEvent | RoundEvent
)
Body = Mapping[str, Any]
Head = dict[str, Any]


def load_change(
    reader: Connection, directory: Directory, *, site: str, kind: str, ref: str
) -> Body | None:
    """The thing that changed, as it stands now; None when it is gone, or unknown here."""
    load = _LOADERS.get(kind)
    found = None if load is None else load(reader, directory, site, ref)
    return None if found is None else dict(found)


def show_change(
    changed: Changed, directory: Directory, actor: Actor, *, site: str
) -> ChangeEvent | None:
    """The change as `actor` sees it; None when there is nothing to show."""
    body = changed.body
    if body is None:
        return None
    head = {"position": changed.position, "id": changed.ref, "at": changed.at}
    show = _SHOWS.get(changed.type)
    return None if show is None else show(body, directory, actor, site, head)


def _show_case(
    body: Body, directory: Directory, actor: Actor, _site: str, head: Head
) -> CaseEvent | None:
    """None for people of a department that it does not concern."""
    if not concerned(case_of(body), actor.department):
        return None
    return CaseEvent(type="case", body=show_case(body, directory, actor), **head)


def _show_device(
    body: Body, directory: Directory, actor: Actor, site: str, head: Head
) -> DeviceEvent:
    state = DeviceState(**body)
    shown = show_device(directory.devices[site][head["id"]], state, site=site, actor=actor)
    return DeviceEvent(type="device", body=shown, **head)


def _device(reader: Connection, directory: Directory, site: str, ref: str) -> Body | None:
    if ref not in directory.devices[site]:
        return None
    state = device_state(reader, site, ref)
    return {"health": state.health, "alerts": state.alerts, "silent": state.silent}


def _agent(reader: Connection, directory: Directory, site: str, ref: str) -> Body | None:
    if ref not in directory.agents[site]:
        return None
    return one_agent(reader, directory, site, ref).model_dump()


_SHOWS: Final[dict[str, Callable[[Body, Directory, Actor, str, Head], ChangeEvent | None]]] = {
    "alert": lambda body, directory, actor, _, head: AlertEvent(
        type="alert", body=show_alert(body, directory, actor), **head
    ),
    "case": _show_case,
    "device": _show_device,
    "agent": lambda body, _, __, ___, head: AgentEvent(
        type="agent", body=Agent.model_validate(body), **head
    ),
    "command": lambda body, _, __, ___, head: CommandEvent(
        type="command", body=show_command(body), **head
    ),
    "mode": lambda body, directory, actor, _, head: ModeEvent(
        type="mode", body=show_switch(body, directory, actor), **head
    ),
    "round": lambda body, directory, actor, _, head: RoundEvent(
        type="round", body=show_round(body, directory, actor), **head
    ),
}

_LOADERS: Final[dict[str, Callable[[Connection, Directory, str, str], Body | None]]] = {
    "alert": lambda reader, _, site, ref: one_alert(reader, site, ref),
    "case": lambda reader, _, site, ref: one_case(reader, site, ref),
    "device": _device,
    "agent": _agent,
    "command": lambda reader, _, site, ref: one_command(reader, site, ref),
    "mode": lambda reader, _, site, ref: one_switch(reader, site, ref),
    "round": lambda reader, _, site, ref: one_round(reader, site, ref),
}

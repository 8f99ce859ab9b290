"""What a site's snapshot and its stream of changes say."""

from typing import Literal

from hub.api.models.alert import Alert
from hub.api.models.base import Answer, At
from hub.api.models.case import Case
from hub.api.models.command import Command
from hub.api.models.device import Device, SignalReading
from hub.api.models.line import Agent, Counters
from hub.api.models.modes import ModeSwitch
from hub.api.models.patrols import Round


class Snapshot(Answer):
    """A site at one moment. cursor: follow the stream from here with `?after=`.

    cases: the newest 500 of those that are open; the list has them all.
    modes: in force here; none means that all is normal. rounds: that are due or under way.
    simulated: a simulator runs beside the hub, and speaks for this site's devices.
    """

    cursor: int
    now: At
    alerts: list[Alert]
    cases: list[Case]
    devices: list[Device]
    agents: list[Agent]
    modes: list[ModeSwitch]
    rounds: list[Round]
    counters: Counters
    simulated: bool = False


class AlertEvent(Answer):
    """SSE event `alert`; its SSE id is `position`."""

    type: Literal["alert"]
    position: int
    id: str
    at: At
    body: Alert


class CaseEvent(Answer):
    """SSE event `case`."""

    type: Literal["case"]
    position: int
    id: str
    at: At
    body: Case


class DeviceEvent(Answer):
    """SSE event `device`: its state, fault or skew changed."""

    type: Literal["device"]
    position: int
    id: str
    at: At
    body: Device


class AgentEvent(Answer):
    """SSE event `agent`."""

    type: Literal["agent"]
    position: int
    id: str
    at: At
    body: Agent


class CommandEvent(Answer):
    """SSE event `command`."""

    type: Literal["command"]
    position: int
    id: str
    at: At
    body: Command


class ModeEvent(Answer):
    """SSE event `mode`: one was switched on, changed, or is over."""

    type: Literal["mode"]
    position: int
    id: str
    at: At
    body: ModeSwitch


class RoundEvent(Answer):
    """SSE event `round`: one is due, was walked on, or is over."""

    type: Literal["round"]
    position: int
    id: str
    at: At
    body: Round


class ReadingEvent(Answer):
    """SSE event `reading`, without an id: at most one per second and device."""

    device: str
    signals: dict[str, SignalReading]
    received_at: At


class PingEvent(Answer):
    """SSE event `ping`, every 5 s: the line is alive, and nothing up to `position` is missing."""

    now: At
    position: int


class ResetEvent(Answer):
    """SSE event `reset`: the cursor is unknown or too old; take a new snapshot."""

    now: At
    position: int


StreamMessage = (
    AlertEvent
    | CaseEvent
    | DeviceEvent
    | AgentEvent
    | CommandEvent
    | ModeEvent
    | RoundEvent
    | ReadingEvent
    | PingEvent
    | ResetEvent
)

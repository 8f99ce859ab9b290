"""Alerts."""

from typing import Annotated, Any

from pydantic import Field

from hub.alerts import AlertState, Annunciation
from hub.api.models.actions import Action
from hub.api.models.base import Answer, Ask, At, Step
from hub.config import Priority
from wire import Id, Text


class Alert(Answer):
    """A condition that holds or held on a device.

    at: when it began, by the device's corrected clock. received_at: when the hub learned of it.
    state: `normal` is closed. returned_at: when the condition ended.
    occurrence: counts this condition's alerts on this device from 1.
    late: found in late data; recorded, but silent.
    detail: figures such as `{"value": 0.031, "limit": 0.07, "unit": "MPa"}`.
    case: id of the case it became part of.
    latching: over and acknowledged is not enough; somebody has to reset it.
    annunciation: how it was brought to its desk: `alone`, with its own sound; `group` or
        `grouped`, as part of a flood; `silent`. annunciated_at: when it last made a sound.
    chattering: it comes and goes too often to be told each time. repeats: how often, untold.
    parent: the alert that explains it. children: how many it has explained itself.
    held_until: end of its shelf, or of its time out of service.
    escalation: how many others were called, since nobody acknowledged it.
    respond_s: within what time somebody has to act. owner: who answers for this type of alarm.
    version: give it with an action to refuse acting on what has changed meanwhile.
    """

    id: str
    site: str
    device: str
    device_name: Text
    place: Text | None
    condition: str
    condition_name: Text
    priority: Priority
    state: AlertState
    state_name: Text
    at: At
    received_at: At
    acknowledged_at: At | None
    acknowledged_by: str | None
    returned_at: At | None
    closed_at: At | None
    late: bool
    occurrence: int
    detail: dict[str, Any]
    response: Text
    respond_s: float | None
    owner: Text | None
    latching: bool
    desk: str | None
    annunciation: Annunciation | None
    annunciated_at: At | None
    chattering: bool
    repeats: int
    parent: str | None
    children: int
    held_until: At | None
    escalation: int
    case: str | None
    version: int
    actions: list[Action]


class AlertStep(Step):
    """One step in an alert's life. actor: a user's name, or `hub` for what the hub did itself."""


class AlertWithHistory(Alert):
    """An alert and its steps, oldest first."""

    history: list[AlertStep]


class AlertActionRequest(Ask):
    """What goes with an action.

    version: the version that the person saw; a newer one answers 409 `stale-version`.
    category: for `open-case`; without it the case gets the one of the alert's type.
    until: for `shelve`, when it ends, ms; the reason goes into `note`.
    """

    version: int | None = None
    note: Annotated[str, Field(max_length=2000)] | None = None
    category: Id | None = None
    until: Annotated[int, Field(ge=0, lt=2**53)] | None = None

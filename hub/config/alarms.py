"""Alarm types: what each condition means to the person who has to act on it."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field

from hub.config.table import Table, read_model, toml_files
from hub.errors import ConfigError
from wire import Id, Text


class Priority(StrEnum):
    """How soon someone has to act."""

    P0 = "P0"  # life safety
    P1 = "P1"  # security
    P2 = "P2"  # operations
    P3 = "P3"  # log only


class CasePolicy(Table):
    """The case that an alert of this type becomes: at once (`auto`), or when a person says so."""

    category: Id
    auto: bool = False


class AlarmType(Table):
    """One condition that rules may find.

    response: what the guard does now, one step a line.
    late_after_s: a condition that is found to have begun longer ago than this makes no sound.
    session_s: a condition that comes back this soon after it ended is the same occurrence, as
        long as nobody has acknowledged it.
    evidence: a clip is asked for at once from the camera that it is about, or that sees the device.
    on_delay_s, off_delay_s: how long a condition has to last, or to be gone, before it counts;
        beyond what the rule that finds it waits by itself.
    dead_band: how far beyond its limit a value has to come back before the condition is over, in
        the value's own unit.
    latching: over and acknowledged is not enough: somebody has to go there and reset it.
    each: every occurrence is a matter of its own; coming often is no chatter.
    owner: who answers for this type of alarm being right. respond_s: within what time somebody
        has to act, or it was no use to tell.
    suppresses: conditions that this one explains on what lies behind its subject: an agent's
        devices, and the agents that reach the hub through it.
    """

    id: Id
    name: Text
    priority: Priority
    response: Text
    late_after_s: Annotated[float, Field(gt=0, le=86_400)]
    session_s: Annotated[float, Field(ge=0, le=3600)] = 0.0
    evidence: bool = False
    on_delay_s: Annotated[float, Field(ge=0, le=3600)] = 0.0
    off_delay_s: Annotated[float, Field(ge=0, le=3600)] = 0.0
    dead_band: Annotated[float, Field(ge=0)] = 0.0
    latching: bool = False
    each: bool = False
    owner: Text
    respond_s: Annotated[float, Field(gt=0, le=604_800)]
    suppresses: tuple[Id, ...] = ()
    case: CasePolicy


def load_alarms(directory: Path, own: Path | None = None) -> dict[str, AlarmType]:
    """All alarm types of a folder by id, one per file. own: copies. Raises ConfigError."""
    found: dict[str, AlarmType] = {}
    for path in toml_files(directory, own):
        alarm = read_model(path, AlarmType)
        if alarm.id in found:
            raise ConfigError(path, "id", f"{alarm.id!r} is used already in this folder")
        found[alarm.id] = alarm
    for alarm in found.values():
        _check_suppressed(directory, alarm, found)
    return found


def _check_suppressed(directory: Path, alarm: AlarmType, known: dict[str, AlarmType]) -> None:
    path = directory / f"{alarm.id}.toml"
    for name in alarm.suppresses:
        other = known.get(name)
        if other is None:
            raise ConfigError(path, "suppresses", f"no alarm type {name!r}")
        if other.priority is Priority.P0:
            raise ConfigError(path, "suppresses", f"{name!r} is life safety: never suppressed")

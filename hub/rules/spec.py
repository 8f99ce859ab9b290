"""How a rule describes itself: the one constant, `RULE`, of each rule's file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel

from hub.config import Device, Site
from hub.rules.contract import Rule
from wire.kinds import Kind

C = TypeVar("C", bound=BaseModel)
D = TypeVar("D", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a signal should stay, in its kind's unit, as drawn on a chart."""

    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Subject(Generic[C, D]):
    """What a rule is bound to: a device with its kind; or an agent, a site, or the hub (no kind).

    settings: the rule's own, from `configs/rules`. own: the subject's, from the site file.
    dead_bands: by condition, from `configs/alarms`.
    """

    site: Site
    id: str
    kind: Kind | None
    device: Device | None
    settings: C
    own: D
    dead_bands: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleSpec(Generic[C, D]):
    """One rule.

    id: the name of its settings file, and of its stored states.
    subject: what it watches. A rule of a `site` sees the readings of all devices whose kinds name
        it, and has one state for all of them. One of the `hub` sees what the hub measures of
        itself, at each of its sites.
    conditions: the alarm types that it may find.
    settings: model of its settings file.
    own: model of what the site file may say of one device; keys are its fields.
    bind: the rule for one subject. Raises ValueError when the settings contradict each other.
    limits: by signal, for charts. Raises ValueError likewise.
    banded: those of its conditions that have a dead band.
    """

    id: str
    subject: Literal["device", "agent", "site", "hub"]
    conditions: tuple[str, ...]
    settings: type[C]
    own: type[D]
    bind: Callable[[Subject[C, D]], Rule[Any]]
    limits: Callable[[Subject[C, D]], dict[str, Limits]] | None = None
    banded: tuple[str, ...] = ()

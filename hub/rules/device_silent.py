"""A device that no longer says anything.

What counts is when it last spoke by its reports' own time, so a backlog that is handed in late
does not make a dead device look alive. It is back when it has spoken for a while, not at the
first word.
"""

from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from hub.config.table import Table
from hub.rules.contract import Finding, Reading
from hub.rules.spec import RuleSpec, Subject
from hub.rules.timed import AWAY_MS

SILENT = "device-silent"


class Settings(Table):
    """`configs/rules/device-silent.toml`.

    factor: times the kind's own `silent_after_s`. back_s: how long a silent device has to be
    heard again.
    """

    factor: Annotated[float, Field(gt=0, le=100)] = 1.0
    back_s: Annotated[float, Field(ge=0, le=3600)] = 5.0


class Own(Table):
    """What the site file says of one device: how long it may be silent."""

    silent_after_s: Annotated[float, Field(ge=1, le=604_800)] | None = None


@dataclass(slots=True)  # nobody changes one; as for the pressure's
class State:
    """spoke_at: its last word. wait_from: hub time from which it is waited for, if that is later.

    back_from: since when a silent device is heard again. graced: waited for once more already.
    """

    spoke_at: int | None = None
    wait_from: int | None = None
    silent: bool = False
    back_from: int | None = None
    graced: bool = False


@dataclass(frozen=True, slots=True)
class DeviceSilentRule:
    """Bound to one device; times in ms."""

    device: str
    patience: int
    back: int

    @property
    def id(self) -> str:
        """See `Rule`."""
        return "device-silent"

    @property
    def state_type(self) -> type[State]:
        """See `Rule`."""
        return State

    def initial(self) -> State:
        """See `Rule`."""
        return State()

    def step(self, state: State, reading: Reading, now: int) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`."""
        at = min(reading.at, reading.received)
        if state.spoke_at is not None and at <= state.spoke_at:
            return state, ()
        heard = State(at, state.wait_from, state.silent, state.back_from)
        if not state.silent or now - at >= self.patience:
            return heard, ()
        steady = state.spoke_at is not None and at - state.spoke_at < self.patience
        if state.back_from is None or not steady:
            heard = replace(heard, back_from=at)
        back_from = at if heard.back_from is None else heard.back_from
        if at - back_from < self.back:
            return heard, ()
        over = Finding(SILENT, self.device, active=False, at=back_from)
        return State(spoke_at=at), (over,)

    def tick(self, state: State, now: int) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`. The first tick starts the waiting for a device that never spoke."""
        due = self.due(state)
        if due is None or now < due:
            return state, ()
        if state.spoke_at is None and state.wait_from is None:
            return replace(state, wait_from=now), ()
        if now - due > AWAY_MS and not state.graced:
            return replace(state, wait_from=now, graced=True), ()
        detail = {"last_heard": state.spoke_at, "allowed_s": self.patience / 1000}
        found = Finding(SILENT, self.device, active=True, at=due, detail=detail)
        return replace(state, silent=True, back_from=None), (found,)

    def due(self, state: State) -> int | None:
        """See `Rule`."""
        if state.silent:
            return None
        if state.spoke_at is None and state.wait_from is None:
            return 0
        return max(state.spoke_at or 0, state.wait_from or 0) + self.patience


def _bind(subject: Subject[Settings, Own]) -> DeviceSilentRule:
    if subject.kind is None:
        raise ValueError("watches devices only")
    after_s = subject.own.silent_after_s
    if after_s is None:
        after_s = subject.kind.silent_after_s * subject.settings.factor
    return DeviceSilentRule(
        subject.id, round(after_s * 1000), round(subject.settings.back_s * 1000)
    )


RULE = RuleSpec(
    id="device-silent",
    subject="device",
    conditions=(SILENT,),
    settings=Settings,
    own=Own,
    bind=_bind,
)

"""An edge agent that is gone: no sign of it may decide alone.

Signs are its status (`state` is `online` with each heartbeat, `offline` from its last will) and
its data, which comes as a reading without a `state`. The last will counts only if nothing is
heard after it; without a will, heartbeats and data must both be missing. All times are the hub's:
an agent's own clock may be wrong.
"""

from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from hub.config.table import Table
from hub.rules.contract import Finding, Reading
from hub.rules.spec import RuleSpec, Subject
from hub.rules.timed import AWAY_MS

SILENT = "agent-silent"


class Settings(Table):
    """`configs/rules/agent-silent.toml`.

    will_s: gone when nothing is heard for this long after its last will. silent_s: gone when
    neither heartbeat nor data is heard for this long. back_s: back when it has been heard for
    this long, without a will in between.
    """

    will_s: Annotated[float, Field(ge=0, le=3600)] = 10.0
    silent_s: Annotated[float, Field(ge=1, le=3600)] = 30.0
    back_s: Annotated[float, Field(ge=0, le=3600)] = 10.0


class Own(Table):
    """Nothing that a site could say of one agent."""


@dataclass(frozen=True, slots=True)
class State:
    """heard_at: its last sign of life. will_at: its last will, if nothing was heard since.

    wait_from: from when it is waited for, if that is later. back_from: since when a silent agent
    is heard again. graced: waited for once more already. All ms, hub time.
    """

    heard_at: int | None = None
    will_at: int | None = None
    wait_from: int | None = None
    silent: bool = False
    back_from: int | None = None
    graced: bool = False


@dataclass(frozen=True, slots=True)
class AgentSilentRule:
    """Bound to one agent; times in ms."""

    agent: str
    will: int
    silent: int
    back: int

    @property
    def id(self) -> str:
        """See `Rule`."""
        return "agent-silent"

    @property
    def state_type(self) -> type[State]:
        """See `Rule`."""
        return State

    def initial(self) -> State:
        """See `Rule`."""
        return State()

    def step(
        self,
        state: State,
        reading: Reading,
        now: int,  # noqa: ARG002 - the contract's
    ) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`."""
        at = reading.received
        if reading.signals.get("state") == "offline":
            will_at = at if state.will_at is None else state.will_at
            return replace(state, will_at=will_at, back_from=None), ()
        if not state.silent:
            return State(heard_at=max(at, state.heard_at or at)), ()
        gap = None if state.heard_at is None else at - state.heard_at
        fresh = state.back_from is None or gap is None or gap >= self.silent
        back_from = at if fresh or state.back_from is None else state.back_from
        if at - back_from < self.back:
            return replace(state, heard_at=at, will_at=None, back_from=back_from), ()
        over = Finding(SILENT, self.agent, active=False, at=back_from)
        return State(heard_at=at), (over,)

    def tick(self, state: State, now: int) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`. The first tick starts the waiting for an agent that never spoke."""
        due = self.due(state)
        if due is None or now < due:
            return state, ()
        if due == 0:
            return replace(state, wait_from=now), ()
        if now - due > AWAY_MS and not state.graced:
            return replace(state, wait_from=now, graced=True), ()
        detail = {"last_heard": state.heard_at, "last_will": state.will_at is not None}
        found = Finding(SILENT, self.agent, active=True, at=due, detail=detail)
        return replace(state, silent=True, back_from=None), (found,)

    def due(self, state: State) -> int | None:
        """See `Rule`."""
        if state.silent:
            return None
        if state.will_at is not None:
            return max(state.will_at, state.wait_from or 0) + self.will
        if state.heard_at is None and state.wait_from is None:
            return 0
        return max(state.heard_at or 0, state.wait_from or 0) + self.silent


def _bind(subject: Subject[Settings, Own]) -> AgentSilentRule:
    settings = subject.settings
    return AgentSilentRule(
        subject.id,
        will=round(settings.will_s * 1000),
        silent=round(settings.silent_s * 1000),
        back=round(settings.back_s * 1000),
    )


RULE = RuleSpec(
    id="agent-silent",
    subject="agent",
    conditions=(SILENT,),
    settings=Settings,
    own=Own,
    bind=_bind,
)

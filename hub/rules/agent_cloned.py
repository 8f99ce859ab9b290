"""An agent's name that two machines use: a copied disk, a stolen key, an id given twice.

Each process of an agent draws a number when it starts and says it with every status. A restart
brings a new number, and the old one is never heard again. Two that alternate are two machines:
whether both are connected at a time, or one throws the other off and is thrown off in turn.
All times are the hub's.
"""

from dataclasses import dataclass, replace
from typing import Annotated, Final

from pydantic import Field

from hub.config.table import Table
from hub.rules.contract import Finding, Reading
from hub.rules.spec import RuleSpec, Subject

CLONED: Final = "agent-cloned"
RUN: Final = "run"
_REMEMBERED: Final = 8


class Settings(Table):
    """`configs/rules/agent-cloned.toml`.

    alone_s: over once a single one was heard for so long.
    """

    alone_s: Annotated[float, Field(ge=10, le=86_400)] = 600.0


class Own(Table):
    """Nothing that a site could say of one agent."""


@dataclass(frozen=True, slots=True)
class State:
    """runs: numbers that were heard, the newest last. since: heard alone since then, ms.

    cloned: two of them alternated.
    """

    runs: tuple[str, ...] = ()
    since: int | None = None
    cloned: bool = False


@dataclass(frozen=True, slots=True)
class AgentClonedRule:
    """Bound to one agent; times in ms."""

    agent: str
    alone: int

    @property
    def id(self) -> str:
        """See `Rule`."""
        return "agent-cloned"

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
        """See `Rule`. A last will was written by whoever is gone: it says nothing of who speaks."""
        run, at = reading.signals.get(RUN), reading.received
        if not isinstance(run, str) or not run or reading.signals.get("state") != "online":
            return state, ()
        if state.runs and run == state.runs[-1]:
            return self._alone(state, at)
        again = run in state.runs
        runs = (*(one for one in state.runs if one != run), run)[-_REMEMBERED:]
        begun = again and not state.cloned
        found = (
            (Finding(CLONED, self.agent, active=True, at=at, detail={"last_heard": at}),)
            if begun
            else ()
        )
        return State(runs, at, state.cloned or again), found

    def tick(
        self,
        state: State,
        now: int,  # noqa: ARG002 - the contract's
    ) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`. Silence is no sign that the other is gone."""
        return state, ()

    def due(self, state: State) -> int | None:  # noqa: ARG002 - the contract's
        """See `Rule`."""
        return None

    def _alone(self, state: State, at: int) -> tuple[State, tuple[Finding, ...]]:
        if not state.cloned or state.since is None or at - state.since < self.alone:
            return state, ()
        over = Finding(CLONED, self.agent, active=False, at=at)
        return replace(state, runs=state.runs[-1:], cloned=False), (over,)


def _bind(subject: Subject[Settings, Own]) -> AgentClonedRule:
    return AgentClonedRule(subject.id, round(subject.settings.alone_s * 1000))


RULE = RuleSpec(
    id="agent-cloned",
    subject="agent",
    conditions=(CLONED,),
    settings=Settings,
    own=Own,
    bind=_bind,
)

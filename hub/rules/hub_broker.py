"""The hub that its broker does not reach: then it is blind itself, whatever is silent to it."""

from dataclasses import dataclass, field, replace
from typing import Annotated, Final

from pydantic import Field

from hub.config.table import Table
from hub.rules.contract import Finding, Reading
from hub.rules.spec import RuleSpec, Subject
from hub.rules.timed import Delays, Timed

CUT_OFF: Final = "hub-cut-off"
CONNECTED: Final = "broker_connected"


class Settings(Table):
    """`configs/rules/hub-broker.toml`. on_s, off_s: how long it is so before it counts."""

    on_s: Annotated[float, Field(ge=0, le=3600)] = 15.0
    off_s: Annotated[float, Field(ge=0, le=3600)] = 5.0


class Own(Table):
    """Nothing that a site could say of the hub."""


@dataclass(frozen=True, slots=True)
class State:
    """cut: whether it is cut off, and since when it was told otherwise."""

    cut: Timed = field(default_factory=Timed)


@dataclass(frozen=True, slots=True)
class HubBrokerRule:
    """Bound to the hub, at one of its sites."""

    hub: str
    delays: Delays

    @property
    def id(self) -> str:
        """See `Rule`."""
        return "hub-broker"

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
        connected = reading.signals.get(CONNECTED)
        if not isinstance(connected, bool):
            return state, ()
        seen = state.cut.seen(
            met=not connected, at=reading.at, received=reading.received, delays=self.delays
        )
        return self._after(state, seen, reading.at)

    def tick(self, state: State, now: int) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`. What was said last stands."""
        return self._after(state, state.cut.lapsed(now, self.delays), now)

    def due(self, state: State) -> int | None:
        """See `Rule`."""
        return state.cut.due(self.delays)

    def _after(self, before: State, cut: Timed, at: int) -> tuple[State, tuple[Finding, ...]]:
        after = replace(before, cut=cut)
        if cut.active is before.cut.active:
            return after, ()
        began = at if before.cut.since is None else before.cut.since
        return after, (Finding(CUT_OFF, self.hub, active=cut.active, at=began),)


def _bind(subject: Subject[Settings, Own]) -> HubBrokerRule:
    settings = subject.settings
    return HubBrokerRule(subject.id, Delays.of(settings.on_s, settings.off_s))


RULE = RuleSpec(
    id="hub-broker",
    subject="hub",
    conditions=(CUT_OFF,),
    settings=Settings,
    own=Own,
    bind=_bind,
)

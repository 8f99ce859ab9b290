"""The disk that holds the hub's data, before it is full: then nothing more can be stored."""

from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field

from hub.config.table import Table
from hub.rules.contract import Finding, Reading
from hub.rules.spec import RuleSpec, Subject

NEARLY_FULL: Final = "disk-nearly-full"
FREE_GB: Final = "disk_free_gb"
SIZE_GB: Final = "disk_size_gb"


class Settings(Table):
    """`configs/rules/hub-disk.toml`.

    low_gb, low_share: nearly full is a disk with less free than both, in GB and as a share of it.
    back: it is over when one of them has this many times as much free.
    """

    low_gb: Annotated[float, Field(gt=0, le=10_000)] = 2.0
    low_share: Annotated[float, Field(gt=0, lt=1)] = 0.05
    back: Annotated[float, Field(ge=1, le=10)] = 1.5


class Own(Table):
    """Nothing that a site could say of the hub."""


@dataclass(frozen=True, slots=True)
class State:
    """How it was when last measured."""

    nearly_full: bool = False


@dataclass(frozen=True, slots=True)
class HubDiskRule:
    """Bound to the hub, at one of its sites."""

    hub: str
    settings: Settings

    @property
    def id(self) -> str:
        """See `Rule`."""
        return "hub-disk"

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
        """See `Rule`. A reading without both figures says nothing."""
        free, size = reading.signals.get(FREE_GB), reading.signals.get(SIZE_GB)
        if not isinstance(free, float) or not isinstance(size, float) or size <= 0:
            return state, ()
        times = self.settings.back if state.nearly_full else 1.0
        low_gb, low_share = times * self.settings.low_gb, times * self.settings.low_share
        nearly_full = free < low_gb and free / size < low_share
        if nearly_full == state.nearly_full:
            return state, ()
        detail = {"value": round(free, 2), "unit": "GB", "limit": self.settings.low_gb}
        return State(nearly_full), (
            Finding(NEARLY_FULL, self.hub, active=nearly_full, at=reading.at, detail=detail),
        )

    def tick(
        self,
        state: State,
        now: int,  # noqa: ARG002 - the contract's
    ) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`. Only what was measured tells."""
        return state, ()

    def due(self, state: State) -> int | None:  # noqa: ARG002 - the contract's
        """See `Rule`."""
        return None


def _bind(subject: Subject[Settings, Own]) -> HubDiskRule:
    return HubDiskRule(subject.id, subject.settings)


RULE = RuleSpec(
    id="hub-disk",
    subject="hub",
    conditions=(NEARLY_FULL,),
    settings=Settings,
    own=Own,
    bind=_bind,
)

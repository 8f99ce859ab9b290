"""The disks that hold the hub's data, before one is full: then nothing more can be stored."""

from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field

from hub.config.table import Table
from hub.rules.contract import Finding, Reading
from hub.rules.spec import RuleSpec, Subject

NEARLY_FULL: Final = "disk-nearly-full"
FREE_GB: Final = "disk_free_gb"
SIZE_GB: Final = "disk_size_gb"
STORE_FREE_GB: Final = "store_free_gb"
STORE_SIZE_GB: Final = "store_size_gb"
_PLACES: Final = ((FREE_GB, SIZE_GB), (STORE_FREE_GB, STORE_SIZE_GB))
"""The hub's own disk; what is set aside for its database on another machine."""


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
        """See `Rule`. A place without both figures says nothing."""
        places = _rooms(reading)
        times = self.settings.back if state.nearly_full else 1.0
        low_gb, low_share = times * self.settings.low_gb, times * self.settings.low_share
        short = [free for free, size in places if free < low_gb and free / size < low_share]
        if not places or bool(short) == state.nearly_full:
            return state, ()
        free = min(short or [free for free, _ in places])
        detail = {"value": round(free, 2), "unit": "GB", "limit": self.settings.low_gb}
        return State(bool(short)), (
            Finding(NEARLY_FULL, self.hub, active=bool(short), at=reading.at, detail=detail),
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


def _rooms(reading: Reading) -> list[tuple[float, float]]:
    """(free, size) of each place that was told whole, GB."""
    told = [(reading.signals.get(free), reading.signals.get(size)) for free, size in _PLACES]
    return [
        (free, size)
        for free, size in told
        if isinstance(free, float) and isinstance(size, float) and size > 0
    ]


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

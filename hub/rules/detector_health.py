"""A camera whose pictures the hub's detector cannot look at: it hangs, crashes, or is over limits.

One bad picture is none: after the first, the camera is watched closely, and only a few bad ones of
the last are an alarm. Cameras send two pictures a second then, so it comes within 30 s.
"""

from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field, model_validator

from hub.config.table import Table
from hub.rules.contract import Finding, Reading, Wish
from hub.rules.spec import RuleSpec, Subject
from wire.elevator import VISION
from wire.kinds.camera import MAX_WATCH_S, WATCH

FAILING: Final = "detector-failing"
_LEASE_S: Final = min(15.0, MAX_WATCH_S)
_WATCH_MS: Final = round(_LEASE_S * 1000)


class Settings(Table):
    """`configs/rules/detector-health.toml`.

    faults, of_frames: so many of the last frames could not be looked at: it fails.
    clear_frames: so many in a row could be: it works again.
    """

    faults: Annotated[int, Field(ge=1, le=20)] = 3
    of_frames: Annotated[int, Field(ge=1, le=20)] = 6
    clear_frames: Annotated[int, Field(ge=1, le=20)] = 3

    @model_validator(mode="after")
    def _possible(self) -> "Settings":
        if max(self.faults, self.clear_frames) > self.of_frames:
            raise ValueError("faults and clear_frames cannot exceed of_frames")
        return self


class Own(Table):
    """Nothing that a site could say of one camera."""


@dataclass(frozen=True, slots=True)
class State:
    """looked: (at, failed) of the last frames, ms. failed_at: the last failure, hub clock, ms."""

    looked: tuple[tuple[int, bool], ...] = ()
    failed_at: int | None = None
    failing: bool = False


@dataclass(frozen=True, slots=True)
class DetectorHealthRule:
    """Bound to one camera."""

    camera: str
    settings: Settings

    @property
    def id(self) -> str:
        """See `Rule`."""
        return "detector-health"

    @property
    def state_type(self) -> type[State]:
        """See `Rule`."""
        return State

    def initial(self) -> State:
        """See `Rule`."""
        return State()

    def step(self, state: State, reading: Reading, now: int) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`. What is told late says nothing of how the detector is now."""
        says = reading.signals.get(VISION)
        if reading.late or says not in {"ok", "fault"}:
            return state, ()
        failed = says == "fault"
        looked = (*state.looked, (reading.at, failed))[-self.settings.of_frames :]
        failed_at = now if failed else state.failed_at
        faults = [at for at, bad in looked if bad]
        last = looked[-self.settings.clear_frames :]
        if not state.failing and len(faults) >= self.settings.faults:
            detail = {"faults": len(faults), "frames": len(looked)}
            found = Finding(FAILING, self.camera, active=True, at=faults[0], detail=detail)
            return State(looked, failed_at, failing=True), (found,)
        if state.failing and not any(bad for _, bad in last):
            found = Finding(FAILING, self.camera, active=False, at=reading.at)
            return State(), (found,)
        return State(looked, failed_at, state.failing), ()

    def tick(
        self,
        state: State,
        now: int,  # noqa: ARG002 - the contract's
    ) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`. Only frames tell."""
        return state, ()

    def due(self, state: State) -> int | None:  # noqa: ARG002 - the contract's
        """See `Rule`."""
        return None

    def wishes(self, state: State, now: int) -> tuple[Wish, ...]:
        """See `Wishing`: more pictures, to tell one bad one from a detector that fails."""
        until = (state.failed_at or 0) + _WATCH_MS
        if state.failed_at is None or state.failing or until <= now:
            return ()
        return (Wish(self.camera, WATCH, until, lease_s=_LEASE_S, reason="detector fault"),)


def _bind(subject: Subject[Settings, Own]) -> DetectorHealthRule:
    return DetectorHealthRule(subject.id, subject.settings)


RULE = RuleSpec(
    id="detector-health",
    subject="device",
    conditions=(FAILING,),
    settings=Settings,
    own=Own,
    bind=_bind,
)

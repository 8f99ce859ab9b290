"""A camera that is blind, or looks elsewhere.

The camera's agent judges the picture; here it only has to last. The agent takes up to 15 s to call
a picture frozen, and this rule some seconds more, so that every alarm comes within 30 s.
"""

from dataclasses import dataclass, field, replace
from typing import Annotated, Final

from pydantic import Field

from hub.config.table import Table
from hub.rules.contract import Finding, Reading
from hub.rules.spec import RuleSpec, Subject
from hub.rules.timed import Delays, Timed, earliest

BLIND: Final = "camera-blind"
MOVED: Final = "camera-moved"

PICTURES: Final = {
    "ok": frozenset[str](),
    "frozen": frozenset({BLIND}),
    "black": frozenset({BLIND}),
    "covered": frozenset({BLIND}),
    "no-signal": frozenset({BLIND}),
    "moved": frozenset({MOVED}),
}
"""What each state of the picture means. One that is not here says nothing."""


class Settings(Table):
    """`configs/rules/camera-health.toml`. on_s, off_s: a bad, or good, picture lasts this long."""

    on_s: Annotated[float, Field(ge=0, le=600)] = 6.0
    off_s: Annotated[float, Field(ge=0, le=600)] = 6.0


class Own(Table):
    """Nothing that a site could say of one camera."""


@dataclass(frozen=True, slots=True)
class State:
    """blind, moved: each condition. picture: the last that was said. at: by the reading's time."""

    blind: Timed = field(default_factory=Timed)
    moved: Timed = field(default_factory=Timed)
    picture: str = "ok"
    at: int | None = None


@dataclass(frozen=True, slots=True)
class CameraHealthRule:
    """Bound to one camera."""

    camera: str
    delays: Delays

    @property
    def id(self) -> str:
        """See `Rule`."""
        return "camera-health"

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
        """See `Rule`. What is older than what was said last speaks no more."""
        picture = reading.signals.get("picture")
        stale = state.at is not None and reading.at < state.at
        if not isinstance(picture, str) or picture not in PICTURES or stale:
            return state, ()
        after = State(
            blind=self._seen(state.blind, reading, met=BLIND in PICTURES[picture]),
            moved=self._seen(state.moved, reading, met=MOVED in PICTURES[picture]),
            picture=picture,
            at=reading.at,
        )
        return after, self._findings(state, after, late=reading.late)

    def _seen(self, timed: Timed, reading: Reading, *, met: bool) -> Timed:
        return timed.seen(met=met, at=reading.at, received=reading.received, delays=self.delays)

    def tick(self, state: State, now: int) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`."""
        after = replace(
            state,
            blind=state.blind.lapsed(now, self.delays),
            moved=state.moved.lapsed(now, self.delays),
        )
        return after, self._findings(state, after, late=False)

    def due(self, state: State) -> int | None:
        """See `Rule`."""
        return earliest(state.blind.due(self.delays), state.moved.due(self.delays))

    def _findings(self, before: State, after: State, *, late: bool) -> tuple[Finding, ...]:
        found = []
        for condition, old, new in (
            (BLIND, before.blind, after.blind),
            (MOVED, before.moved, after.moved),
        ):
            if new.active is old.active:
                continue
            began = old.since if old.since is not None else after.at
            detail = {"picture": after.picture} if new.active else {}
            found.append(
                Finding(
                    condition,
                    self.camera,
                    active=new.active,
                    at=began if began is not None else 0,
                    detail=detail,
                    late=late,
                )
            )
        return tuple(found)


def _bind(subject: Subject[Settings, Own]) -> CameraHealthRule:
    settings = subject.settings
    return CameraHealthRule(subject.id, Delays.of(settings.on_s, settings.off_s))


RULE = RuleSpec(
    id="camera-health",
    subject="device",
    conditions=(BLIND, MOVED),
    settings=Settings,
    own=Own,
    bind=_bind,
)

"""What is remembered of one car, and what each effect of the session's table does to it."""

from dataclasses import dataclass, field, replace

from hub.rules.ebike_car import Car
from hub.rules.ebike_frames import Looked, first
from hub.rules.ebike_session import HOLDING, KEPT, Effect, Event, Move, Phase, move
from hub.rules.ebike_settings import Limits
from hub.rules.timed import earliest

VOICE_FOR_MS = 4_000
"""A voice message that could not be sent in this time makes no sense any more."""

WATCH_FOR_MS = 10_000
"""After a hold for nothing the car is still watched closely until none was seen for this long."""


@dataclass(frozen=True, slots=True)
class Late:
    """What is found in late data: no session, only whether one was there. heard: hub clock, ms."""

    frames: tuple[Looked, ...] = ()
    seen_at: int | None = None
    active: bool = False
    heard: int | None = None


@dataclass(frozen=True, slots=True)
class State:
    """One car.

    Event time, ms: `opened_at` when the session's first sighting was, `seen_at` the newest one,
    `looked_at` the newest frame, `settled_at` that of the last session, `moved_at` since when the
    car has been under way in this session, `kept_at` until when it was shut in with it.
    Hub time, ms: `since` when the phase began, `heard` when the newest frame came, `held_from`
    when the present hold began, `let_go_at` when the last one ended, `spoke_at` the last message.
    held: ms of earlier holds that count towards the cap. spoken: messages of this session.
    score: what the newest frame shows. best: of the session.
    """

    phase: Phase = Phase.IDLE
    frames: tuple[Looked, ...] = ()
    car: Car = field(default_factory=Car)
    since: int = 0
    opened_at: int | None = None
    seen_at: int | None = None
    looked_at: int | None = None
    settled_at: int | None = None
    moved_at: int | None = None
    kept_at: int | None = None
    heard: int | None = None
    held_from: int | None = None
    let_go_at: int | None = None
    held: int = 0
    spoke_at: int | None = None
    spoken: int = 0
    score: float = 0.0
    best: float = 0.0
    model: str | None = None
    late: Late = field(default_factory=Late)

    def hold_until(self, limits: Limits) -> int | None:
        """The moment after which the door is not held whatever comes, hub clock, ms."""
        if self.held_from is None or self.phase not in HOLDING or self.seen_at is None:
            return None
        return min(self.held_from + limits.cap - self.held, self.seen_at + limits.fresh)

    def shut_in(self, at: int, now: int, limits: Limits) -> bool:
        """Whether it was seen behind a door that has been shut ever since: it cannot have left.

        One that nothing has shown for as long as it takes to give up on frames may never have
        been there. at: event time, now: hub clock, ms.
        """
        since, seen = self.car.shut_since(now), self.seen_at
        if since is None or seen is None or self.phase not in KEPT:
            return False
        return seen > since and at - seen < limits.give_up

    def timers(self, limits: Limits) -> tuple[tuple[int, Event | None], ...]:
        """What time alone will bring, with its moment (hub clock, ms); None is the next message."""
        seen, heard = self.seen_at, self.heard
        found: list[tuple[int | None, Event | None]] = []
        if self.phase is Phase.SUSPICION:
            found.append((_after(seen, limits.pre_hold), Event.LAPSED))
        elif self.phase in HOLDING:
            found.append((_after(seen, limits.fresh), Event.LOST))
            found.append((_after(self.held_from, limits.cap - self.held), Event.CAP))
            found.append((_after(self.spoke_at, limits.voice_every), None))
            if self.phase is Phase.PRE_HOLD:
                found.append((self.since + limits.pre_hold, Event.LAPSED))
        elif self.phase is Phase.QUIET:
            found.append((self.since + limits.quiet, Event.QUIET_OVER))
        elif self.phase is not Phase.IDLE:
            found.append((_after(heard, limits.give_up), Event.GIVE_UP))
            if self.phase is Phase.DISMISSED:
                found.append((self.since + limits.dismissed, Event.QUIET_OVER))
        return tuple((at, event) for at, event in found if at is not None)

    def due(self, limits: Limits) -> int | None:
        """The first of them; and when late data is over."""
        late = _after(self.late.heard, limits.give_up) if self.late.active else None
        return earliest(*(at for at, _ in self.timers(limits)), late)


def kept(state: State, at: int) -> State:
    """The state when it was shut in with the car until `at` at least, event time, ms."""
    return replace(state, kept_at=max(at, state.kept_at or at))


def after(state: State, event: Event, now: int, limits: Limits) -> tuple[State, Move]:
    """The state when `event` happened at `now`, and the move that it was."""
    made = move(state.phase, event)
    if made == Move(state.phase):
        return state, made
    moved = replace(state, phase=made.phase, since=now)
    for effect in made.effects:
        moved = _apply(moved, effect, now, limits)
    if made.phase is Phase.IDLE:  # a frame that was under way longer opens no session again
        moved = replace(moved, frames=(), settled_at=state.looked_at)
    return moved, made


def _apply(state: State, effect: Effect, now: int, limits: Limits) -> State:
    if effect is Effect.OPEN:
        began = first(state.frames, limits.needs)
        return replace(
            state,
            opened_at=state.seen_at if began is None else began,
            moved_at=None,
            kept_at=None,
            best=state.score,
            spoken=0,
            spoke_at=None,
        )
    if effect is Effect.HOLD:
        rested = state.let_go_at is None or now - state.let_go_at >= limits.rest
        held = 0 if rested else state.held
        return replace(state, held_from=now, held=held, spoke_at=now, spoken=state.spoken + 1)
    if effect is Effect.RELEASE and state.held_from is not None:
        spent = state.held + max(0, now - state.held_from)
        return replace(state, held_from=None, let_go_at=now, held=spent)
    return state


def _after(moment: int | None, wait: int) -> int | None:
    return None if moment is None else moment + wait

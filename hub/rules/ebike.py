"""E-bikes in elevator cars: what frames and the car say moves the session, and what it wants done.

Frames come as readings that the hub's detector made of them. No frame is no evidence of absence:
only frames that show no e-bike say that it has gone, and only fresh ones that show one keep the
door held.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from hub.rules.contract import Finding, Reading, Wish
from hub.rules.ebike_car import told
from hub.rules.ebike_frames import Level, add, best_inside, count, is_clear
from hub.rules.ebike_session import Effect, Event, Move, Outcome, Phase
from hub.rules.ebike_settings import Limits, Own, Settings, limits_of
from hub.rules.ebike_state import VOICE_FOR_MS, WATCH_FOR_MS, Late, State, after, kept
from hub.rules.spec import RuleSpec, Subject
from hub.rules.timed import latest
from wire import WireError
from wire.elevator import (
    ALARM,
    BOXES,
    MODEL,
    SUSPICION,
    VISION,
    decode_seen,
)
from wire.kinds.camera import MAX_WATCH_S, WATCH

CONDITION: Final = "ebike-in-elevator"
HOLD: Final = "hold"
VOICE: Final = "play-voice"
RELEASE: Final = "release"

_WATCH_LEASE_S: Final = min(20.0, MAX_WATCH_S)


@dataclass(frozen=True, slots=True)
class EbikeRule:
    """Bound to one camera and the car that it is in."""

    device: str
    limits: Limits

    @property
    def id(self) -> str:
        """See `Rule`."""
        return "ebike"

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
        if reading.late:
            return self._late(state, reading, at, now)
        found: list[Finding] = []
        if state.shut_in(at, now, self.limits):
            state = kept(state, at)
        state = _under_way(replace(state, car=told(state.car, reading, at, now)))
        level = None if state.car.blind else self._level(reading)
        if level is not None and at > (state.settled_at or 0):
            state = self._looked(state, reading, at, now, found, level)
        if state.car.fire:
            state = self._happened(state, Event.FIRE, at, now, found)
        return state, tuple(found)

    def tick(self, state: State, now: int) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`."""
        found: list[Finding] = []
        while passing := [one for one in state.timers(self.limits) if one[0] <= now]:
            at, event = min(passing, key=lambda one: (one[0], one[1] is None))
            if event is None:
                state = replace(state, spoke_at=at, spoken=state.spoken + 1)
            else:
                state = self._happened(state, event, at, at, found)
        late = state.late
        if late.active and late.heard is not None and now >= late.heard + self.limits.give_up:
            found.append(self._finding(state, late.seen_at or now, active=False, late=True))
            state = replace(state, late=Late())
        return state, tuple(found)

    def due(self, state: State) -> int | None:
        """See `Rule`."""
        return state.due(self.limits)

    def ordered(self, state: State, action: str, now: int) -> tuple[State, tuple[Finding, ...]]:
        """See `HearsOrders`: who lets the door go takes over."""
        found: list[Finding] = []
        if action == RELEASE:
            state = self._happened(state, Event.STAFF, now, now, found)
        return state, tuple(found)

    def wishes(self, state: State, now: int) -> tuple[Wish, ...]:
        """See `Wishing`."""
        return tuple(wish for wish in self._wishes(state, now) if wish.until > now)

    def _wishes(self, state: State, now: int) -> Iterator[Wish]:
        reason = f"e-bike session: {state.phase.value}"
        # Also once staff has taken over: only frames tell that it has gone.
        if state.phase is not Phase.IDLE and state.heard is not None:
            wait = WATCH_FOR_MS if state.phase is Phase.QUIET else self.limits.give_up
            since = state.seen_at if state.phase is Phase.QUIET else state.heard
            until = (since or 0) + wait
            yield Wish(self.device, WATCH, until, lease_s=_WATCH_LEASE_S, reason=reason)
        until_held = state.hold_until(self.limits)
        if until_held is None or state.car.fire or until_held <= now:
            return
        if self.limits.holds and state.car.moving_at is None:
            yield Wish(self.device, HOLD, until_held, lease_s=self.limits.lease_s, reason=reason)
        if self.limits.speaks and state.spoke_at is not None:
            once = f"{state.opened_at}-{state.spoken}"
            yield Wish(self.device, VOICE, state.spoke_at + VOICE_FOR_MS, once=once, reason=reason)

    def _looked(
        self, state: State, reading: Reading, at: int, now: int, out: list[Finding], seen: "_Look"
    ) -> State:
        """A frame was looked at: what all frames now say together."""
        needs, fresh = self.limits.needs, now - at < self.limits.fresh
        model = reading.signals.get(MODEL)
        state = replace(
            state,
            frames=add(state.frames, at, seen.level, needs),
            looked_at=max(at, state.looked_at or at),
            heard=now,
            score=seen.score,
            best=max(state.best, seen.score),
            model=model if isinstance(model, str) else state.model,
        )
        if seen.level > Level.NONE:
            state = replace(state, seen_at=max(at, state.seen_at or at))
            if fresh:
                state = self._happened(state, Event.SIGHT, at, now, out)
        if fresh and count(state.frames, Level.SUSPICION, needs) >= needs.suspect:
            state = self._happened(state, Event.SUSPECT, at, now, out)
        if count(state.frames, Level.ALARM, needs) >= needs.confirm:
            state = self._happened(state, Event.CONFIRM, at, now, out)
        if self._went(state, at, now, seen.level):
            state = self._happened(state, Event.AWAY, at, now, out)
        if is_clear(state.frames, latest(state.seen_at, state.kept_at), needs):
            state = self._happened(state, Event.CLEAR, at, now, out)
        return state

    def _went(self, state: State, at: int, now: int, level: Level) -> bool:
        """Whether the car has left with it; one that reports nothing has after a while."""
        if state.moved_at is not None:
            after_it = count(state.frames, Level.SUSPICION, self.limits.needs, after=state.moved_at)
            return after_it >= self.limits.needs.suspect
        long = now - state.since >= self.limits.ride and at > state.since
        return state.phase is Phase.LET_GO and level > Level.NONE and long

    def _happened(self, state: State, event: Event, at: int, now: int, out: list[Finding]) -> State:
        moved, made = after(state, event, now, self.limits)
        for effect in made.effects:
            if effect in {Effect.ALARM, Effect.TELL}:
                began = moved.opened_at if moved.opened_at is not None else at
                out.append(self._finding(moved, began, active=True))
            elif effect is Effect.END:
                out.append(self._finding(moved, at, active=False, made=made))
        return moved

    def _finding(
        self, state: State, at: int, *, active: bool, late: bool = False, made: Move | None = None
    ) -> Finding:
        outcome = None if made is None else made.outcome
        held = state.held
        if state.held_from is not None:
            held += max(0, state.since - state.held_from)
        detail: dict[str, Any] = {
            "session": "late" if late else state.phase.value,
            "outcome": None if outcome is None else outcome.value,
            "score": round(state.best, 3),
            "floor": state.car.floor if outcome is Outcome.RODE else None,
            "held_s": round(held / 1000, 1),
            "model": state.model,
        }
        return Finding(CONDITION, self.device, active=active, at=at, detail=detail, late=late)

    def _late(
        self, state: State, reading: Reading, at: int, now: int
    ) -> tuple[State, tuple[Finding, ...]]:
        """Late data holds no door and opens no session: it only says whether one was there."""
        seen = self._level(reading)
        if seen is None:
            return state, ()
        needs, late = self.limits.needs, state.late
        frames = add(late.frames, at, seen.level, needs)
        seen_at = at if seen.level > Level.NONE else late.seen_at
        late = replace(late, frames=frames, seen_at=seen_at, heard=now)
        found: tuple[Finding, ...] = ()
        if not late.active and count(frames, Level.ALARM, needs) >= needs.confirm:
            late = replace(late, active=True)
            found = (self._finding(state, frames[0][0], active=True, late=True),)
        elif late.active and is_clear(frames, late.seen_at, needs):
            late = Late()
            found = (self._finding(state, at, active=False, late=True),)
        return replace(state, late=late), found

    def _level(self, reading: Reading) -> "_Look | None":
        """What a frame shows inside the cabin; None for a reading that is no frame, or no use."""
        says = reading.signals
        boxes, suspicion, alarm = (says.get(name) for name in (BOXES, SUSPICION, ALARM))
        suspicion = suspicion if self.limits.suspicion is None else self.limits.suspicion
        alarm = alarm if self.limits.alarm is None else self.limits.alarm
        if says.get(VISION) != "ok" or not isinstance(boxes, str):
            return None
        if not isinstance(suspicion, int | float) or not isinstance(alarm, int | float):
            return None
        try:
            seen = decode_seen(boxes)
        except WireError:
            return None
        score = best_inside(seen, self.limits.cabin, by_foot=self.limits.by_foot)
        if score >= alarm:
            return _Look(score, Level.ALARM)
        return _Look(score, Level.SUSPICION if score >= suspicion else Level.NONE)


@dataclass(frozen=True, slots=True)
class _Look:
    """What one frame shows. score: the best inside the cabin."""

    score: float
    level: Level


def _under_way(state: State) -> State:
    """Remember since when the car has been moving in this session."""
    moving_at, opened_at = state.car.moving_at, state.opened_at
    if moving_at is None or opened_at is None or state.moved_at is not None:
        return state
    return replace(state, moved_at=max(moving_at, opened_at))


def _bind(subject: Subject[Settings, Own]) -> EbikeRule:
    return EbikeRule(device=subject.id, limits=limits_of(subject.settings, subject.own))


RULE = RuleSpec(
    id="ebike",
    subject="device",
    conditions=(CONDITION,),
    settings=Settings,
    own=Own,
    bind=_bind,
)

"""A door: forced, or held open.

Forced: the contact opened with no grant, exit button or remote opening shortly before, and no fire.
Held open: it has stood open for longer than it may, and no fire keeps it so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Annotated

from pydantic import Field

from hub.config.table import Table
from hub.rules.contract import Finding, Reading
from hub.rules.doorway import Side, opened, settled, stands
from hub.rules.spec import RuleSpec, Subject
from hub.rules.timed import AWAY_MS, GRACE_MS, earliest
from wire.command import MAX_LEASE_S

FORCED, HELD = "door-forced", "door-held-open"

PERMITS = frozenset({"granted", "exit-button", "remote-open"})
"""Events after which a door may open."""

LATE_GAP_MS = 600_000
"""Late reports further apart than this belong to different outages."""

_REMEMBERED = 32
_HOLD_MS = round(MAX_LEASE_S * 1000)

Seconds = Annotated[float, Field(gt=0, le=3600)]


class Settings(Table):
    """`configs/rules/door.toml`.

    grant_s: an opening this long after a grant is allowed. order_s: a grant may be stamped this
    much later than its opening, by controllers that count whole seconds. settle_s: how long an
    opening waits for a grant on its way. max_open_s: how long a door may stand open.
    """

    grant_s: Seconds = 5.0
    order_s: Annotated[float, Field(ge=0, le=5)] = 1.0
    settle_s: Annotated[float, Field(ge=0, le=10)] = 0.5
    max_open_s: Seconds = 25.0


class Own(Table):
    """What the site file says of one door; `escape_route`: it has to be open in a fire."""

    escape_route: bool = False
    grant_s: Seconds | None = None
    max_open_s: Seconds | None = None


@dataclass(frozen=True, slots=True)
class State:
    """permits: when the door was allowed to open, as they came in. remote_at: last from afar.

    fire_from, fire_until: the last fire input, as far as it is known; told at `fire_at`.
    """

    permits: tuple[int, ...] = ()
    remote_at: int | None = None
    fire_from: int | None = None
    fire_until: int | None = None
    fire_at: int | None = None
    live: Side = field(default_factory=Side)
    late: Side = field(default_factory=Side)


@dataclass(frozen=True, slots=True)
class DoorRule:
    """Bound to one door; all in ms."""

    device: str
    grant: int
    order: int
    settle: int
    max_open: int

    @property
    def id(self) -> str:
        """See `Rule`."""
        return "door"

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
        known = self._told(state, reading, at)
        side = known.late if reading.late else known.live
        if reading.late and side.edge_at is not None and at - side.edge_at > LATE_GAP_MS:
            side = Side()
        findings: list[Finding] = []
        side = self._explained(known, side, findings)
        side = self._moved(known, side, reading, at, now, findings)
        side = self._judged(known, side, now, findings, by=at)
        if side.open and now - at > AWAY_MS:
            # A backlog is coming in: that the door was closed may be its next line.
            side = replace(side, graced_until=now + GRACE_MS)
        marked = tuple(replace(one, late=True) for one in findings) if reading.late else findings
        stepped = replace(known, late=side) if reading.late else replace(known, live=side)
        return (state if stepped == state else stepped), tuple(marked)

    def tick(self, state: State, now: int) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`."""
        live: list[Finding] = []
        late: list[Finding] = []
        side = self._judged(state, state.live, now, live)
        side = self._waited(state, side, now, live)
        other = self._judged(state, state.late, now, late)
        ticked = replace(state, live=side, late=other)
        found = (*live, *(replace(one, late=True) for one in late))
        return (state if ticked == state else ticked), found

    def due(self, state: State) -> int | None:
        """See `Rule`."""
        waits = (one.wait_from + self.settle for one in (*state.live.pending, *state.late.pending))
        return earliest(*waits, self._held_due(state, state.live))

    def _told(self, state: State, reading: Reading, at: int) -> State:
        """What holds for both sides: who may pass, and whether there is a fire."""
        event, fire = reading.signals.get("event"), reading.signals.get("fire")
        if event in PERMITS and at not in state.permits:
            state = replace(state, permits=(*state.permits, at)[-_REMEMBERED:])
        if event == "remote-open":
            state = replace(state, remote_at=max(at, state.remote_at or at))
        if not isinstance(fire, bool) or (state.fire_at is not None and at < state.fire_at):
            return state
        burning = state.fire_from is not None and state.fire_until is None
        state = replace(state, fire_at=at)
        if fire and not burning:
            return replace(state, fire_from=at, fire_until=None)
        return replace(state, fire_until=at) if burning and not fire else state

    def _explained(self, state: State, side: Side, findings: list[Finding]) -> Side:
        """A grant that came after its opening had been called forced takes the alarm back."""
        if side.forced_at is None or not self._allowed(state, side.forced_at):
            return side
        detail = {"explained": True}
        findings.append(
            Finding(FORCED, self.device, active=False, at=side.forced_at, detail=detail)
        )
        return replace(side, forced_at=None)

    def _moved(
        self, state: State, side: Side, reading: Reading, at: int, now: int, out: list[Finding]
    ) -> Side:
        """The door's position, as far as the reading says something of it."""
        event, contact = reading.signals.get("event"), reading.signals.get("open")
        if event == "opened":
            return opened(side, at, now)
        is_edge = event == "closed"
        if not is_edge and not isinstance(contact, bool):
            return side
        is_open = contact is True and not is_edge
        if side.edge_at is not None and at < side.edge_at:
            return stands(side, at, is_open=is_open)
        if is_open or is_edge:
            # The moment is exact, so the time that the door stood open until then is too. A state
            # report of a closed door leaves open when it closed.
            side = self._held(state, side, at, out)
        if not is_open:
            out.extend(self._ended(side, at))
        return stands(side, at, is_open=is_open)

    def _ended(self, side: Side, at: int) -> Iterator[Finding]:
        if side.forced_at is not None:
            yield Finding(FORCED, self.device, active=False, at=at, detail={"closed_at": at})
        if side.held:
            yield Finding(HELD, self.device, active=False, at=at, detail={"closed_at": at})

    def _judged(
        self, state: State, side: Side, now: int, out: list[Finding], *, by: int | None = None
    ) -> Side:
        """Call forced whatever has waited long enough for a grant."""
        if not side.pending:
            return side
        ready, waiting = settled(side.pending, now, self.settle, by=by)
        side = replace(side, pending=waiting)
        for one in ready:
            if self._allowed(state, one.at):
                continue
            out.append(Finding(FORCED, self.device, active=True, at=one.at))
            if one.closed_at is None:
                side = replace(side, forced_at=one.at)
            else:
                detail = {"closed_at": one.closed_at}
                out.append(
                    Finding(FORCED, self.device, active=False, at=one.closed_at, detail=detail)
                )
        return side

    def _allowed(self, state: State, at: int) -> bool:
        if any(-self.order <= at - permit <= self.grant for permit in state.permits):
            return True
        if state.fire_from is None or at < state.fire_from - self.order:
            return False
        return state.fire_until is None or at <= state.fire_until + self.grant

    def _waited(self, state: State, side: Side, now: int, out: list[Finding]) -> Side:
        """Call held open a door that nobody has said is closed."""
        due = self._held_due(state, side)
        if due is None or now < due:
            return side
        if now - due > AWAY_MS and side.graced_until is None:
            return replace(side, graced_until=now + GRACE_MS)
        return self._held(state, side, now, out)

    def _held(self, state: State, side: Side, until: int, out: list[Finding]) -> Side:
        """Call held open a door that stood open until `until`, if that was too long."""
        start = self._counted_from(state, side)
        if start is None or side.held or until - start < self.max_open:
            return side
        detail = {"opened_at": side.opened_at, "allowed_s": self.max_open / 1000}
        at = start + self.max_open
        out.append(Finding(HELD, self.device, active=True, at=at, detail=detail))
        return replace(side, held=True)

    def _held_due(self, state: State, side: Side) -> int | None:
        start = self._counted_from(state, side)
        if start is None or side.held:
            return None
        return max(start + self.max_open + self.settle, side.graced_until or 0)

    def _counted_from(self, state: State, side: Side) -> int | None:
        """From when the open door's time counts; None while it is closed, or kept open by a fire.

        Opened from the control room it may be a lease, which lasts no longer than MAX_LEASE_S.
        """
        if not side.open or side.opened_at is None:
            return None
        start = side.opened_at
        if state.fire_from is not None:
            if state.fire_until is None:
                return None
            start = max(start, state.fire_until)
        if state.remote_at is not None and state.remote_at >= side.opened_at - _HOLD_MS:
            start = max(start, state.remote_at + _HOLD_MS)
        return start


def _bind(subject: Subject[Settings, Own]) -> DoorRule:
    own, settings = subject.own, subject.settings
    return DoorRule(
        device=subject.id,
        grant=_ms(own.grant_s or settings.grant_s),
        order=_ms(settings.order_s),
        settle=_ms(settings.settle_s),
        max_open=_ms(own.max_open_s or settings.max_open_s),
    )


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


RULE = RuleSpec(
    id="door",
    subject="device",
    conditions=(FORCED, HELD),
    settings=Settings,
    own=Own,
    bind=_bind,
)

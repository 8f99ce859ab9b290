"""A barrier's arm: struck, or held up.

Struck: the controller says so, or reports an arm that is broken; over when the arm works again.
Held up: it stands up for longer than it may without a vehicle, an order or a fire to explain it.
"""

from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from hub.config.table import Table
from hub.rules.contract import Finding, Reading
from hub.rules.spec import RuleSpec, Subject
from hub.rules.timed import AWAY_MS, GRACE_MS
from wire.command import MAX_LEASE_S

STRUCK, HELD_UP = "barrier-struck", "barrier-held-up"

LATE_GAP_MS = 600_000
"""Late reports further apart than this belong to different outages."""

_LEASE_MS = round(MAX_LEASE_S * 1000)
_EXPLAINS = frozenset({"seen", "passed", "remote-open", "manual-open"})
"""Events after which the arm may stand up for its whole time once more."""

_POSITIONS = {"opened": "open", "closed": "closed", "struck": "broken"}

Seconds = Annotated[float, Field(gt=0, le=3600)]


class Settings(Table):
    """`configs/rules/barrier-arm.toml`.

    max_up_s: how long the arm may stand up with no vehicle in sight. settle_s: how long the
    reports that may explain it are waited for.
    """

    max_up_s: Seconds = 60.0
    settle_s: Annotated[float, Field(ge=0, le=10)] = 0.5


class Own(Table):
    """What the site file says of one barrier."""

    max_up_s: Seconds | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """What one stream of reports, the live or the late one, says of the arm. Times are ms.

    arm: `open`, `closed` or `broken` since `arm_at`; up_since: since when it is open.
    loop, loop_at, fire, fire_at: the newest of each. explained_at: the last reason to be up.
    hold_until: an order holds it up so long. heard_at: the newest report.
    struck, held: alarmed so. graced_until: not held up before this.
    """

    arm: str | None = None
    arm_at: int | None = None
    up_since: int | None = None
    loop: bool = False
    loop_at: int = 0
    fire: bool = False
    fire_at: int = 0
    explained_at: int = 0
    hold_until: int = 0
    heard_at: int | None = None
    struck: bool = False
    held: bool = False
    graced_until: int | None = None


@dataclass(frozen=True, slots=True)
class State:
    """What is going on, and what went on while nobody could hear it."""

    live: Track = Track()
    late: Track = Track()


@dataclass(frozen=True, slots=True)
class ArmRule:
    """Bound to one barrier; times in ms."""

    device: str
    max_up: int
    settle: int

    @property
    def id(self) -> str:
        """See `Rule`."""
        return "barrier-arm"

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
        found: list[Finding] = []
        track = state.late if reading.late else state.live
        if reading.late and track.heard_at is not None and at - track.heard_at > LATE_GAP_MS:
            track = Track()
        track = self._held(track, at, found)
        track = _told(track, reading, at)
        track = self._positioned(track, reading, at, found)
        track = replace(track, heard_at=max(at, track.heard_at or at))
        if not reading.late and track.arm == "open" and now - at > AWAY_MS:
            # A backlog is coming in: that the arm went down may be its next line.
            track = replace(track, graced_until=now + GRACE_MS)
        if reading.late:
            return replace(state, late=track), tuple(replace(one, late=True) for one in found)
        return replace(state, live=track), tuple(found)

    def tick(self, state: State, now: int) -> tuple[State, tuple[Finding, ...]]:
        """See `Rule`."""
        due, live = self.due(state), state.live
        if due is None or now < due:
            return state, ()
        if now - due > AWAY_MS and live.graced_until is None:
            return replace(state, live=replace(live, graced_until=now + GRACE_MS)), ()
        found: list[Finding] = []
        return replace(state, live=self._held(live, now, found)), tuple(found)

    def due(self, state: State) -> int | None:
        """See `Rule`."""
        start = _counted_from(state.live)
        if start is None or state.live.held:
            return None
        return max(start + self.max_up + self.settle, state.live.graced_until or 0)

    def _held(self, track: Track, until: int, out: list[Finding]) -> Track:
        """Call held up an arm that stood unexplained until `until`, if that was too long."""
        start = _counted_from(track)
        if start is None or track.held or until - start < self.max_up:
            return track
        detail = {"up_since": track.up_since, "allowed_s": self.max_up / 1000}
        at = start + self.max_up
        out.append(Finding(HELD_UP, self.device, active=True, at=at, detail=detail))
        return replace(track, held=True)

    def _positioned(self, track: Track, reading: Reading, at: int, out: list[Finding]) -> Track:
        """Where the arm is, as far as the reading says; an older one than the newest does not."""
        arm = _POSITIONS.get(str(reading.signals.get("event")), reading.signals.get("arm"))
        if arm == "broken" and track.arm_at is not None and at < track.arm_at:
            return self._struck_before(track, reading, at, out)
        if arm not in _POSITIONS.values() or (track.arm_at is not None and at < track.arm_at):
            return track
        if arm == "broken":
            if not track.struck:
                out.append(Finding(STRUCK, self.device, active=True, at=at))
            return self._down(replace(track, arm="broken", arm_at=at, struck=True), at, out)
        if track.struck:
            out.append(Finding(STRUCK, self.device, active=False, at=at))
            track = replace(track, struck=False)
        if arm == "closed":
            return self._down(replace(track, arm="closed", arm_at=at), at, out)
        since = at if track.arm != "open" else track.up_since
        return replace(track, arm="open", arm_at=at, up_since=since)

    def _struck_before(self, track: Track, reading: Reading, at: int, out: list[Finding]) -> Track:
        """A blow that is told after the arm was found whole again."""
        if reading.signals.get("event") == "struck" and not track.struck:
            out.append(Finding(STRUCK, self.device, active=True, at=at))
            end = at if track.arm_at is None else track.arm_at
            out.append(Finding(STRUCK, self.device, active=False, at=end))
        return track

    def _down(self, track: Track, at: int, out: list[Finding]) -> Track:
        """The arm is up no more."""
        if track.held:
            out.append(Finding(HELD_UP, self.device, active=False, at=at))
        return replace(track, up_since=None, held=False, graced_until=None)


def _told(track: Track, reading: Reading, at: int) -> Track:
    """What explains an arm that stands up."""
    event, loop, fire = (reading.signals.get(name) for name in ("event", "loop", "fire"))
    if event in _EXPLAINS:
        track = replace(track, explained_at=max(track.explained_at, at))
    if event == "held":
        track = replace(track, hold_until=max(track.hold_until, at + _LEASE_MS))
    if event == "released" and track.hold_until > at:
        track = replace(track, hold_until=at)
    if isinstance(loop, bool) and at >= track.loop_at:
        left = at if track.loop and not loop else 0
        track = replace(track, loop=loop, loop_at=at, explained_at=max(track.explained_at, left))
    if isinstance(fire, bool) and at >= track.fire_at:
        ended = at if track.fire and not fire else 0
        track = replace(track, fire=fire, fire_at=at, explained_at=max(track.explained_at, ended))
    return track


def _counted_from(track: Track) -> int | None:
    """From when the arm's standing up is unexplained; None while it is not, or is not up."""
    if track.up_since is None or track.loop or track.fire:
        return None
    return max(track.up_since, track.explained_at, track.hold_until)


def _bind(subject: Subject[Settings, Own]) -> ArmRule:
    max_up_s = subject.own.max_up_s or subject.settings.max_up_s
    return ArmRule(subject.id, round(max_up_s * 1000), round(subject.settings.settle_s * 1000))


RULE = RuleSpec(
    id="barrier-arm",
    subject="device",
    conditions=(STRUCK, HELD_UP),
    settings=Settings,
    own=Own,
    bind=_bind,
)

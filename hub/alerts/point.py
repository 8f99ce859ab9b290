"""What is remembered of one alarm between its occurrences: how often it came, what is delayed.

Chatter is three or more beginnings within a minute (ISA-18.2-2016, 3.1: chattering alarm). It ends
when a whole minute passes without one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from hub.rules.contract import Finding

TURNS: Final = 3
WINDOW_MS: Final = 60_000

AWAY_MS: Final = 5_000
"""A delay that is this much overdue was missed, not held up: the hub was away."""

GRACE_MS: Final = 5_000
"""How long a hub that was away waits for what agents kept for it."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A finding whose delay has not passed. due_at: hub clock, ms. graced: it waited once more."""

    active: bool
    at: int
    due_at: int
    graced: bool = False
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Point:
    """One alarm: a condition on a device.

    turns: when it last began, event time, the newest last; no more than decide about chatter.
    calm_at: when a chattering alarm is calm again if nothing comes, hub clock; None while calm.
    told_at: when a chattering alarm's repeats were last announced, hub clock.
    pending: what waits for its on-delay or off-delay.
    """

    turns: tuple[int, ...] = ()
    calm_at: int | None = None
    told_at: int | None = None
    pending: Pending | None = None

    @property
    def chatters(self) -> bool:
        """Enough beginnings within the window."""
        return len(self.turns) >= TURNS

    @property
    def due_at(self) -> int | None:
        """When time alone changes something next, ms."""
        held = None if self.pending is None else self.pending.due_at
        return min((at for at in (self.calm_at, held) if at is not None), default=None)

    def turned(self, at: int, now: int) -> "Point":
        """It began once more."""
        recent = (*(turn for turn in self.turns if 0 <= at - turn < WINDOW_MS), at)[-TURNS:]
        calm_at = now + WINDOW_MS if len(recent) >= TURNS or self.calm_at else None
        return replace(self, turns=recent, calm_at=calm_at)

    def calmed(self) -> "Point":
        """A minute has passed without a beginning."""
        return replace(self, turns=(), calm_at=None, told_at=None)

    def delayed(
        self, finding: Finding, *, there: bool, on_ms: int, off_ms: int, now: int
    ) -> "tuple[Point, Finding | None]":
        """The finding if it counts now, and the point after it.

        there: the alarm's condition stands already. A finding in late data waits for nothing.
        """
        if finding.late:
            return self, finding
        pending = self.pending
        if pending is not None and pending.active != finding.active:
            # What waited was contradicted in time. If it waited to end, it simply goes on.
            return replace(self, pending=None), None
        delay = on_ms if finding.active else off_ms
        if finding.active == there or delay == 0:
            return self, finding
        if pending is not None:
            return self, None
        due_at = max(now, min(finding.at, now) + delay)
        if finding.at + delay <= now:
            return self, finding
        held = Pending(finding.active, finding.at, due_at, detail=dict(finding.detail))
        return replace(self, pending=held), None

    def lapsed(self, device: str, condition: str, now: int) -> "tuple[Point, Finding | None]":
        """Time passes; the finding whose delay is over."""
        pending = self.pending
        if pending is None or now < pending.due_at:
            return self, None
        if now - pending.due_at > AWAY_MS and not pending.graced:
            waiting = replace(pending, due_at=now + GRACE_MS, graced=True)
            return replace(self, pending=waiting), None
        found = Finding(
            condition, device, active=pending.active, at=pending.at, detail=pending.detail
        )
        return replace(self, pending=None), found

    def dump(self) -> dict[str, Any]:
        """JSON for its row."""
        held = self.pending
        return {
            "turns": list(self.turns),
            "calm_at": self.calm_at,
            "told_at": self.told_at,
            "pending": None
            if held is None
            else {
                "active": held.active,
                "at": held.at,
                "due_at": held.due_at,
                "graced": held.graced,
                "detail": dict(held.detail),
            },
        }

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> "Point":
        """What `dump` made."""
        held = stored["pending"]
        return cls(
            turns=tuple(stored["turns"]),
            calm_at=stored["calm_at"],
            told_at=stored["told_at"],
            pending=None if held is None else Pending(**held),
        )

"""Topics, built and parsed in this one place: `gatehouse/1/{site}/{agent}/…`."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from wire.envelope import Lane
from wire.errors import WireError
from wire.ids import check_id

ROOT = "gatehouse/1"
HUB = "hub"
"""The name that stands in the agent's place in the hub's own topics; no agent may be called so."""

ALL_UP = f"{ROOT}/+/+/up/+"
ALL_URGENT = (f"{ROOT}/+/+/up/{Lane.LIFE}", f"{ROOT}/+/+/up/{Lane.EVENT}")
ALL_BULK = (f"{ROOT}/+/+/up/{Lane.TELEMETRY}", f"{ROOT}/+/+/up/{Lane.MEDIA}")
"""The lanes of `ALL_UP` in two halves, for a hub that lets the one overtake the other."""

ALL_STATUS = f"{ROOT}/+/+/status"
ALL_LIVE = f"{ROOT}/+/+/live"
_UP_LEVELS = 6
_REMEMBERED = 4096
"""Topics whose parts are kept: an agent has a handful, and parsing costs as much as a header."""


class TopicKind(StrEnum):
    """What a topic carries, and who may publish there (agent or hub)."""

    UP = "up"  # agent: envelopes, one topic per lane
    STATUS = "status"  # agent: retained, and its last will
    ACK = "ack"  # hub: what is durable
    LIVE = "live"  # agent: frames for who is watching now; not kept by anybody
    CMD = "cmd"  # hub: signed commands, never retained
    ALERT = "alert"  # hub: alerts for other systems, redacted
    CASE = "case"  # hub: cases for other systems, redacted


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic, parsed. `lane` stands only on `up` topics."""

    site: str
    agent: str
    kind: TopicKind
    lane: Lane | None = None

    def __str__(self) -> str:
        """The topic as it goes to the broker."""
        tail = f"{self.kind}/{self.lane}" if self.lane else str(self.kind)
        return f"{ROOT}/{self.site}/{self.agent}/{tail}"

    @staticmethod
    @lru_cache(_REMEMBERED)
    def parse(topic: str) -> "Topic":
        """Parse a topic name. Raises WireError (`bad-topic`, `unknown-version`, `bad-id`)."""
        levels = topic.split("/")
        if len(levels) not in (_UP_LEVELS - 1, _UP_LEVELS) or levels[0] != "gatehouse":
            raise WireError("bad-topic", f"{topic[:200]!r} is not {ROOT}/{{site}}/{{agent}}/…")
        if levels[1] != "1":
            raise WireError("unknown-version", f"topic version {levels[1][:16]!r}, known: 1")
        site, agent = check_id(levels[2]), check_id(levels[3])
        try:
            kind = TopicKind(levels[4])
            lane = Lane(levels[5]) if len(levels) == _UP_LEVELS else None
        except ValueError:
            raise WireError("bad-topic", f"{topic[:200]!r} names no known message") from None
        if (kind is TopicKind.UP) != (lane is not None):
            raise WireError("bad-topic", f"{topic[:200]!r}: a lane belongs to `up`, and only there")
        return Topic(site, agent, kind, lane)


def ups_of(site: str) -> str:
    """Subscription to the envelopes of all of a site's agents."""
    return f"{ROOT}/{check_id(site)}/+/up/+"


def statuses_of(site: str) -> str:
    """Subscription to the statuses of all of a site's agents (and of the hub itself)."""
    return f"{ROOT}/{check_id(site)}/+/status"


def up(site: str, agent: str, lane: Lane) -> str:
    """Where an agent publishes the envelopes of one lane."""
    return str(Topic(check_id(site), check_id(agent), TopicKind.UP, lane))


def status(site: str, agent: str) -> str:
    """Where an agent publishes its status, retained, and leaves its last will."""
    return str(Topic(check_id(site), check_id(agent), TopicKind.STATUS))


def live(site: str, agent: str) -> str:
    """Where an agent publishes the frames of a live view."""
    return str(Topic(check_id(site), check_id(agent), TopicKind.LIVE))


def ack(site: str, agent: str) -> str:
    """Where the hub tells an agent what is durable."""
    return str(Topic(check_id(site), check_id(agent), TopicKind.ACK))


def cmd(site: str, agent: str) -> str:
    """Where the hub sends an agent signed commands."""
    return str(Topic(check_id(site), check_id(agent), TopicKind.CMD))


def hub(site: str, kind: TopicKind) -> str:
    """The hub's own topics of a site: status, alert, case."""
    return str(Topic(check_id(site), HUB, kind))

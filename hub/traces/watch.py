"""The watchlist (布控): who is watched for, on whose word, until when. Decisions; no I/O."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from hub.errors import BadRequestError, NotAllowedError
from wire import Text

LONGEST_MS: Final = 90 * 24 * 3_600_000
"""An entry ends after this at the latest; whoever still needs it asks anew."""

SAME_PASSAGE_MS: Final = 30_000
"""Readings of one subject at one device this close together are one passage: cameras read a waiting
car again and again."""


class Sort(StrEnum):
    """What an entry watches for."""

    PLATE = "plate"
    CREDENTIAL = "credential"
    LISTED = "listed"  # an id on a device's own list, which the device reports


class WatchState(StrEnum):
    """Where an entry stands."""

    REQUESTED = "requested"
    ACTIVE = "active"
    REFUSED = "refused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class WatchEntry:
    """One entry. subject: keyed hash; sealed: the value itself. Times: ms."""

    id: str
    site: str
    sort: Sort
    subject: str
    sealed: bytes | None
    masked: str
    reason: str
    case_id: str | None
    requester: str
    asked_at: int
    state: WatchState
    until: int
    decider: str | None = None
    decided_at: int | None = None
    note: str | None = None
    ended_at: int | None = None
    ended_by: str | None = None

    def at(self, now: int) -> "WatchEntry":
        """The entry as it stands: what is over by time has ended by itself."""
        open_ = self.state in {WatchState.REQUESTED, WatchState.ACTIVE}
        if not open_ or now < self.until:
            return self
        return replace(self, state=WatchState.ENDED, ended_at=self.until)


def check_end(until: int, now: int) -> None:
    """Raises BadRequestError unless the entry ends, and not too late."""
    if not now < until <= now + LONGEST_MS:
        raise BadRequestError("must lie ahead, at most 90 days", field="until")


def decided(
    entry: WatchEntry, *, approve: bool, actor: str, note: str | None, now: int
) -> WatchEntry:
    """The entry after a second person's word. Raises NotAllowedError."""
    entry = entry.at(now)
    if entry.state is not WatchState.REQUESTED:
        raise NotAllowedError(NOT_WAITING)
    if actor == entry.requester:
        raise NotAllowedError(SECOND_PERSON)
    state = WatchState.ACTIVE if approve else WatchState.REFUSED
    after = replace(entry, state=state, decider=actor, decided_at=now, note=note)
    return after if approve else replace(after, ended_at=now, ended_by=actor)


def ended(entry: WatchEntry, *, actor: str, note: str | None, now: int) -> WatchEntry:
    """The entry after somebody ended it before its time, or took the request back."""
    entry = entry.at(now)
    if entry.state not in {WatchState.REQUESTED, WatchState.ACTIVE}:
        raise NotAllowedError(OVER)
    return replace(
        entry, state=WatchState.ENDED, ended_at=now, ended_by=actor, note=note or entry.note
    )


SECOND_PERSON: Final = Text(
    zh="需要另一个人批准，不能批准自己的申请。", en="Somebody else has to approve what you ask for."
)
NOT_WAITING: Final = Text(zh="这条申请已处理过或已到期。", en="This request waits no more.")
OVER: Final = Text(zh="这条布控已经结束。", en="This entry has ended already.")

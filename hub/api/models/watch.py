"""The watchlist as the API tells of it."""

from typing import Annotated

from pydantic import Field

from hub.api.models.base import Answer, Ask, At
from hub.traces.watch import Sort, WatchState


class NewWatch(Ask):
    """A request to watch for somebody.

    value: a plate, a card's number, or a number on a device's own list. until: at most 90 days
    ahead. case: id or number of one of the site.
    """

    sort: Sort
    value: Annotated[str, Field(min_length=1, max_length=64)]
    reason: Annotated[str, Field(min_length=1, max_length=300)]
    case: Annotated[str | None, Field(max_length=64)] = None
    until: At


class WatchStep(Ask):
    """A word on an entry; a refusal says why."""

    note: Annotated[str | None, Field(max_length=300)] = None


class WatchEntry(Answer):
    """Somebody who is watched for, masked. hits: how often they passed; last_hit_at: the last time.

    decider: who approved or refused it. ended_by: None for what ended by itself.
    """

    id: str
    site: str
    sort: Sort
    masked: str
    reason: str
    case: str | None
    requester: str
    asked_at: At
    state: WatchState
    until: At
    decider: str | None
    decided_at: At | None
    note: str | None
    ended_at: At | None
    ended_by: str | None
    hits: int
    last_hit_at: At | None


class WatchHit(Answer):
    """Where and when."""

    device: str
    at: At


class WatchHistory(Answer):
    """What an entry hit, newest first."""

    entry: str
    hits: list[WatchHit]

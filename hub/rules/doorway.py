"""One doorway as its contact and its reader tell it: openings, what allowed them, how long.

Everything is judged by the reports' own time. Reports may come out of order: an opening waits a
moment for the grant that may be on its way, and one that is older than the newest known position
is judged all the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from hub.rules.timed import AWAY_MS, GRACE_MS

ORDER_MS = 10_000
"""Reports of one door come no further out of order than this, by their own time."""

_REMEMBERED = 8


@dataclass(frozen=True, slots=True)
class Opening:
    """An opening that is not yet judged.

    at: when, by its report. wait_from: hub time from which it waits for its grant.
    closed_at: when the door closed again, once that is known.
    """

    at: int
    wait_from: int
    closed_at: int | None = None
    graced: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """What one stream of reports, the live or the late one, says of the door.

    edge_at: the newest report of the door's position. opened_at: since when it stands open.
    forced_at: the opening that is alarmed as forced. held: it is alarmed as held open.
    graced_until: not held open before this: the hub was away, or a backlog is coming in.
    recent: openings taken in.
    """

    open: bool | None = None
    edge_at: int | None = None
    opened_at: int | None = None
    forced_at: int | None = None
    held: bool = False
    graced_until: int | None = None
    pending: tuple[Opening, ...] = ()
    recent: tuple[int, ...] = ()


def opened(side: Side, at: int, now: int) -> Side:
    """The contact opened at `at`; the same report a second time changes nothing."""
    if at in side.recent:
        return side
    recent = (*side.recent, at)[-_REMEMBERED:]
    newer = side.edge_at is None or at >= side.edge_at
    if newer:
        fresh = side if side.open else _standing_open(side, at)
        return replace(
            fresh, edge_at=at, recent=recent, pending=_waiting(side.pending, Opening(at, now))
        )
    if side.open:
        # Its position came first, with a state report; this is when it really opened.
        first = at if side.opened_at is None else min(at, side.opened_at)
        return replace(
            side,
            opened_at=first,
            recent=recent,
            pending=_waiting(side.pending, Opening(at, now)),
        )
    past = Opening(at, now, closed_at=side.edge_at)
    return replace(side, recent=recent, pending=_waiting(side.pending, past))


def stands(side: Side, at: int, *, is_open: bool) -> Side:
    """A report of the position at `at`; an older one than the newest moves nothing.

    A door that is found open without the report of its opening counts as open from here on: what
    is missing may be its grant as well, so it is not called forced.
    """
    if side.edge_at is not None and at < side.edge_at:
        return side if is_open else _closed_before(side, at)
    if is_open:
        return replace(side if side.open else _standing_open(side, at), edge_at=at)
    return replace(
        side,
        open=False,
        edge_at=at,
        opened_at=None,
        forced_at=None,
        held=False,
        graced_until=None,
        pending=_with_close(side.pending, at),
    )


def settled(
    pending: Iterable[Opening], now: int, settle_ms: int, *, by: int | None = None
) -> tuple[tuple[Opening, ...], tuple[Opening, ...]]:
    """Those that have waited long enough at hub time `now`, and those that wait on.

    by: a report of this time has come, so what is older by ORDER_MS need not wait either.
    """
    ready: list[Opening] = []
    waiting: list[Opening] = []
    for one in pending:
        over = now - (one.wait_from + settle_ms)
        if by is not None and by - one.at >= ORDER_MS:
            ready.append(one)
        elif over < 0:
            waiting.append(one)
        elif over > AWAY_MS and not one.graced:
            wait_from = now + max(0, GRACE_MS - settle_ms)
            waiting.append(replace(one, wait_from=wait_from, graced=True))
        else:
            ready.append(one)
    return tuple(ready), tuple(waiting)


def _closed_before(side: Side, at: int) -> Side:
    """The door was closed at `at`, and was opened again since: it stands open from then only."""
    pending = _with_close(side.pending, at)
    if not side.open or side.opened_at is None or side.opened_at > at:
        return replace(side, pending=pending)
    again = min((one for one in side.recent if one > at), default=side.edge_at)
    return replace(side, opened_at=again, pending=pending)


def _with_close(pending: tuple[Opening, ...], at: int) -> tuple[Opening, ...]:
    """What opened before `at` was closed by then."""
    return tuple(
        replace(one, closed_at=at)
        if one.at <= at and (one.closed_at is None or one.closed_at > at)
        else one
        for one in pending
    )


def _standing_open(side: Side, at: int) -> Side:
    return replace(side, open=True, opened_at=at, held=False, graced_until=None)


def _waiting(pending: tuple[Opening, ...], one: Opening) -> tuple[Opening, ...]:
    return (*pending, one)[-_REMEMBERED:]

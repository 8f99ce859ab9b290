"""What a legal hold keeps beyond its time, as conditions on rows; see `hub.store.keeping.holds`."""

from typing import Final

from sqlalchemy import ColumnElement, Connection, exists, or_, select, update

from hub.store.schema import (
    alert,
    evidence,
    hold_span,
    legal_hold,
    observation,
    passage,
    passer,
    watch_hit,
)

AROUND_MS: Final = 30 * 60_000
"""What a device saw so long before an alarm of the case, and after it, belongs to the case."""

_OPEN: Final = legal_hold.c.ended_at.is_(None)


def end_due(connection: Connection, now: int) -> int:
    """End those whose time is over."""
    over = (_OPEN, legal_hold.c.until_at <= now)
    return connection.execute(
        update(legal_hold).where(*over).values(ended_at=legal_hold.c.until_at)
    ).rowcount


def held_case(case: ColumnElement[str] | ColumnElement[str | None]) -> ColumnElement[bool]:
    """Whether a case, by its id, is held."""
    return exists(select(legal_hold.c.id).where(legal_hold.c.case_id == case, _OPEN))


def held_passage() -> ColumnElement[bool]:
    """Whether a passage is held."""
    return _seen(passage.c.site, passage.c.device, passage.c.at)


def held_passer() -> ColumnElement[bool]:
    """Whether somebody is named by a passage that is held."""
    theirs = (passage.c.site == passer.c.site, passage.c.subject == passer.c.subject)
    return exists(select(passage.c.id).where(*theirs, held_passage()))


def held_observation() -> ColumnElement[bool]:
    """Whether what a device reported is held."""
    return _seen(observation.c.site, observation.c.device, observation.c.at)


def held_hit() -> ColumnElement[bool]:
    """Whether a hit of the watchlist is: its passage is."""
    return _seen(watch_hit.c.site, watch_hit.c.device, watch_hit.c.at)


def held_evidence() -> ColumnElement[bool]:
    """Whether a clip or picture is held: of the case, of one of its alarms, or seen meanwhile."""
    of_alert = exists(
        select(alert.c.id).where(alert.c.id == evidence.c.alert, held_case(alert.c.case_id))
    )
    return or_(
        of_alert,
        held_case(evidence.c.case_id),
        _seen(evidence.c.site, evidence.c.device, evidence.c.from_at),
    )


def _seen(
    site: ColumnElement[str], device: ColumnElement[str], at: ColumnElement[int]
) -> ColumnElement[bool]:
    return exists(
        select(hold_span.c.hold)
        .join(legal_hold, legal_hold.c.id == hold_span.c.hold)
        .where(
            _OPEN,
            hold_span.c.site == site,
            hold_span.c.device == device,
            hold_span.c.from_at <= at,
            hold_span.c.to_at >= at,
        )
    )

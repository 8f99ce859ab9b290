"""A round from its beginning to its end. Nothing here does I/O or reads a clock."""

import hashlib
from dataclasses import replace
from typing import Final

from hub.config.patrols import PatrolPlan
from hub.errors import BadRequestError, ConflictError, NotAllowedError, NotFoundError
from hub.patrols.round import Point, Result, Round, RoundState, Visit
from wire import Text

OVER: Final = Text(zh="这一轮巡查已经结束", en="This round is over")


def begin(plan: PatrolPlan, *, site: str, due_at: int, now: int, by: str | None = None) -> Round:
    """A round that has just become due, or that somebody begins besides the plan (`by`).

    The same time of a plan is the same round, however often it is worked out. Where the hub comes
    late, the guards have their grace from now on; where all of its time is over, it is nobody's.
    """
    text = f"round|{site}|{plan.id}|{due_at}|{by or ''}"
    late_at = due_at + plan.lasts * 1000
    ends_at = late_at + plan.grace * 1000
    lapsed = now >= ends_at
    return Round(
        id=hashlib.sha256(text.encode()).hexdigest()[:32],
        site=site,
        plan=plan.id,
        name=plan.name,
        state=RoundState.LAPSED if lapsed else RoundState.DUE,
        due_at=due_at,
        late_at=late_at,
        ends_at=ends_at if lapsed else max(ends_at, now + plan.grace * 1000),
        points=tuple(
            Point(one.id, one.name, one.look, one.category, one.device, one.place, plan.proof)
            for one in plan.points
        ),
        planned=by is None,
        ended_at=now if lapsed else None,
    )


def refusal(one: Round) -> Text | None:
    """Why nothing can be said of its points any more."""
    return None if one.ended_at is None else OVER


def visited(one: Round, visit: Visit) -> Round:
    """The round after a point was looked at; with the last of them it ends.

    Raises NotFoundError, NotAllowedError when it is over, ConflictError when somebody was faster,
    BadRequestError when what was found is not said.
    """
    if one.point(visit.point) is None:
        raise NotFoundError("point", visit.point)
    why = refusal(one)
    if why is not None:
        raise NotAllowedError(why)
    before = one.visit(visit.point)
    if before is not None:
        raise ConflictError(f"{before.by} has been here already", code="point-visited")
    if visit.result is not Result.FINE and not (visit.note or "").strip():
        raise BadRequestError("is needed: say what it is", field="note")
    after = replace(
        one, state=RoundState.WALKING, visits=(*one.visits, visit), version=one.version + 1
    )
    return (
        ended(after, visit.sent_at or visit.at) if len(after.visits) == len(after.points) else after
    )


def ended(one: Round, now: int) -> Round:
    """The round, over: with its last point, or because its time is."""
    state = RoundState.DONE if not one.unseen else RoundState.INCOMPLETE
    if not one.visits:
        state = RoundState.MISSED
    return replace(one, state=state, ended_at=now, version=one.version + 1)


def given_longer(one: Round, until: int) -> Round:
    """The round with a later end: the hub was away when it was to end, and took no points."""
    return replace(one, ends_at=until, version=one.version + 1)

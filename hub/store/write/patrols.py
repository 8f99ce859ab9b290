"""Rounds of patrols as rows, and how far each plan's rounds were made."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, select, update

from hub.database.upsert import upsert
from hub.patrols import Point, Result, Round, RoundState, Visit
from hub.store.schema import patrol_plan, patrol_round
from wire import Text

_FIELDS: Final = Round.__slots__


def made_until(connection: Connection) -> dict[tuple[str, str], int]:
    """By site and plan: up to when all rounds that were due have been made."""
    return {(row.site, row.plan): row.made_until for row in connection.execute(select(patrol_plan))}


def set_made_until(connection: Connection, site: str, plan: str, until: int) -> None:
    """All rounds of a plan have been made up to then."""
    connection.execute(
        upsert(patrol_plan)
        .values(site=site, plan=plan, made_until=until)
        .on_conflict_do_update(index_elements=["site", "plan"], set_={"made_until": until})
    )


def find_round(connection: Connection, site: str, name: str) -> Round | None:
    """One of a site, which nobody else changes until the transaction ends."""
    found = select(patrol_round).where(patrol_round.c.site == site, patrol_round.c.id == name)
    row = connection.execute(found.with_for_update()).mappings().one_or_none()
    return None if row is None else round_of(row)


def insert_round(connection: Connection, one: Round) -> bool:
    """A new one; False when it is there already."""
    added = connection.execute(
        upsert(patrol_round).values(_columns(one)).on_conflict_do_nothing(index_elements=["id"])
    )
    return added.rowcount == 1


def update_round(connection: Connection, one: Round) -> None:
    """One after a step."""
    connection.execute(
        update(patrol_round).where(patrol_round.c.id == one.id).values(_columns(one))
    )


def over_rounds(connection: Connection, now: int, limit: int) -> list[Round]:
    """Open ones whose time is over, the longest over first."""
    found = (
        select(patrol_round)
        .where(patrol_round.c.ended_at.is_(None), patrol_round.c.ends_at <= now)
        .order_by(patrol_round.c.ends_at, patrol_round.c.id)
        .limit(limit)
        .with_for_update()
    )
    return [round_of(row) for row in connection.execute(found).mappings()]


def round_of(row: Mapping[Any, Any]) -> Round:
    """From a row's columns by name."""
    columns = {name: row[name] for name in _FIELDS}
    columns["name"] = Text.model_validate(row["name"])
    columns["state"] = RoundState(row["state"])
    columns["points"] = tuple(_point(one) for one in row["points"])
    columns["visits"] = tuple(
        Visit(**one | {"result": Result(one["result"])}) for one in row["visits"]
    )
    return Round(**columns)


def _point(kept: Mapping[str, Any]) -> Point:
    place = kept["place"]
    return Point(
        id=kept["id"],
        name=Text.model_validate(kept["name"]),
        look=tuple(Text.model_validate(one) for one in kept["look"]),
        category=kept["category"],
        device=kept["device"],
        place=None if place is None else Text.model_validate(place),
        proof=kept.get("proof", False),
    )


def _columns(one: Round) -> dict[str, Any]:
    columns = {name: getattr(one, name) for name in _FIELDS}
    columns["name"] = one.name.model_dump()
    columns["state"] = one.state.value
    columns["points"] = [
        {
            "id": point.id,
            "name": point.name.model_dump(),
            "look": [line.model_dump() for line in point.look],
            "category": point.category,
            "device": point.device,
            "place": None if point.place is None else point.place.model_dump(),
            "proof": point.proof,
        }
        for point in one.points
    ]
    columns["visits"] = [
        {
            "point": visit.point,
            "result": visit.result.value,
            "at": visit.at,
            "by": visit.by,
            "note": visit.note,
            "case": visit.case,
            "proved": visit.proved,
            "sent_at": visit.sent_at,
        }
        for visit in one.visits
    ]
    return columns

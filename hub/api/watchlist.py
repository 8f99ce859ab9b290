"""What people do to the watchlist: hashed, sealed, on record; another person approves."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from sqlalchemy import Connection

from hub.access.audit import Act as Told
from hub.access.roles import Actor
from hub.api.models.watch import NewWatch, WatchEntry
from hub.api.services import Services
from hub.errors import BadRequestError, NotFoundError
from hub.pipeline.acts import AskWatch, DecideWatch, EndWatch
from hub.store.people.trail import append_act
from hub.store.seal import mask
from hub.store.write.watch import find_entry, last_hits, list_watch
from hub.traces.watch import Sort
from hub.traces.watch import WatchEntry as Kept
from wire.plates import mask as mask_plate
from wire.plates import parse

MOST_SHOWN: Final = 500


def entries(
    reader: Connection, site: str, now: int, *, open_only: bool = False
) -> list[WatchEntry]:
    """A site's entries as they stand now, newest first."""
    found = [one.at(now) for one in list_watch(reader, site, MOST_SHOWN)]
    if open_only:
        found = [one for one in found if one.ended_at is None]
    return _shown(reader, found)


async def one_entry(services: Services, site: str, name: str) -> WatchEntry:
    """The entry with this id. Raises NotFoundError."""

    def query(reader: Connection) -> list[WatchEntry]:
        found = find_entry(reader, site, name)
        if found is None:
            raise NotFoundError("entry", name)
        return _shown(reader, [found.at(services.now())])

    return (await services.read(query))[0]


def _shown(reader: Connection, found: Sequence[Kept]) -> list[WatchEntry]:
    hits = last_hits(reader, [one.id for one in found])
    return [
        WatchEntry(
            case=one.case_id,
            hits=hits.get(one.id, (0, 0))[0],
            last_hit_at=hits[one.id][1] if one.id in hits else None,
            **{
                name: value
                for name, value in asdict(one).items()
                if name not in {"subject", "sealed", "case_id"}
            },
        )
        for one in found
    ]


async def ask(services: Services, actor: Actor, site: str, asked: NewWatch) -> str:
    """Ask that somebody be watched for; the entry's id. Raises BadRequestError."""
    value, masked = _read(asked)
    case = await services.looking.case(site, asked.case) if asked.case else None
    reason = " ".join(asked.reason.split())
    if not reason:
        raise BadRequestError("is needed", field="reason")
    act = AskWatch(
        site=site,
        sort=asked.sort,
        subject=services.seal.hash(site, value),
        sealed=services.seal.seal(site, value.encode()),
        masked=masked,
        reason=reason,
        case=case,
        until=asked.until,
        actor=actor.name,
    )
    detail = {"sort": asked.sort.value, "reason": reason, "case": case, "until": asked.until}
    return await _do(services, act, services.trail.act(actor, site, "watch.ask", site, **detail))


async def step(
    services: Services, actor: Actor, site: str, entry: str, action: str, note: str | None
) -> None:
    """Approve, refuse or end an entry. Raises NotFoundError, NotAllowedError, BadRequestError."""
    act: DecideWatch | EndWatch
    if action == "end":
        act = EndWatch(site, entry, actor.name, note)
    elif action in {"approve", "refuse"}:
        if action == "refuse" and not note:
            raise BadRequestError("is needed to refuse", field="note")
        act = DecideWatch(site, entry, action == "approve", actor.name, note)
    else:
        raise NotFoundError("action", action)
    told = services.trail.act(actor, site, f"watch.{action}", entry, note=note)
    await _do(services, act, told)


def _read(asked: NewWatch) -> tuple[str, str]:
    """What is watched for, as devices report it, and what people may see of it."""
    if asked.sort is Sort.PLATE:
        plate = parse(asked.value)
        if plate is None:
            raise BadRequestError("is no plate", field="value")
        return plate.text, mask_plate(plate.text)
    value = asked.value.strip()
    if not value:
        raise BadRequestError("is needed", field="value")
    return value, mask(value)


async def _do(services: Services, act: AskWatch | DecideWatch | EndWatch, told: Told) -> str:
    async with services.trail.noting_refusal(told):
        return await services.looking.act(act, lambda writer: append_act(writer, told))

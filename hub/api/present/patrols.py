"""Patrols as answers."""

from sqlalchemy import Connection

from hub.access.authorise import Thing, may
from hub.access.permissions import Permission
from hub.access.roles import Actor
from hub.alerts import AllowedAction
from hub.api.directory import Directory
from hub.api.models import patrols as shown
from hub.api.models.actions import Action
from hub.api.models.base import Page
from hub.api.present.actions import offered
from hub.config import PatrolPlan, PatrolPoint
from hub.errors import NotFoundError
from hub.patrols import RESULT_NAMES, ROUND_STATE_NAMES, Point, Visit, next_due, refusal
from hub.store.reads import patrols as reads
from hub.store.reads.page import Record
from hub.store.write.patrols import round_of
from wire import Text

START = Text(zh="现在巡查", en="Walk it now")
VISIT = Text(zh="记录点位", en="Note a point")


def show_patrols(directory: Directory, actor: Actor, *, site: str, now: int) -> list[shown.Patrol]:
    """The plans of a site."""
    return [
        _plan(plan, directory, actor, site, now)
        for plan in directory.patrols.get(site, {}).values()
    ]


def show_round(row: Record, directory: Directory, actor: Actor) -> shown.Round:
    """A round as `actor` sees it."""
    one = round_of(row)
    why = refusal(one)
    columns = {
        name: getattr(one, name)
        for name in shown.Round.model_fields
        if name in type(one).__slots__ and name != "points"
    }
    return shown.Round(
        **columns,
        state_name=ROUND_STATE_NAMES[one.state],
        points=[
            _round_point(point, one.visit(point.id), directory, one.site) for point in one.points
        ],
        actions=_offer("visit", VISIT, why, actor, one.site),
    )


def round_page(
    reader: Connection,
    directory: Directory,
    actor: Actor,
    *,
    site: str,
    state: str,
    plan: str | None,
    limit: int,
    before: str | None,
) -> Page[shown.Round]:
    """A page of rounds."""
    found = reads.round_rows(reader, site, state=state, plan=plan, limit=limit, before=before)
    return Page(items=[show_round(row, directory, actor) for row in found.records], next=found.next)


def one_round(
    reader: Connection, directory: Directory, actor: Actor, *, site: str, name: str
) -> shown.Round:
    """One of them. Raises NotFoundError."""
    row = reads.one_round(reader, site, name)
    if row is None:
        raise NotFoundError("round", name)
    return show_round(row, directory, actor)


def _plan(
    plan: PatrolPlan, directory: Directory, actor: Actor, site: str, now: int
) -> shown.Patrol:
    org = directory.org
    return shown.Patrol(
        id=plan.id,
        name=plan.name,
        days=list(plan.days),
        times=sorted(plan.times),
        next_at=next_due(plan, now, org.roster.utc_offset),
        lasts_s=plan.lasts,
        grace_s=plan.grace,
        posts=[post.name for name in plan.posts if (post := org.tree.post(name)) is not None],
        points=[
            shown.PatrolPoint.model_validate(
                {**_point(point, directory, site), "proof": plan.proof}
            )
            for point in plan.points
        ],
        actions=_offer("start", START, None, actor, site),
    )


def _point(point: Point | PatrolPoint, directory: Directory, site: str) -> dict[str, object]:
    facts = None if point.device is None else directory.devices[site].get(point.device)
    return {
        "id": point.id,
        "name": point.name,
        "device": point.device,
        "place": point.place or (None if facts is None else facts.place),
        "look": list(point.look),
        "category": point.category,
    }


def _round_point(
    point: Point, visit: Visit | None, directory: Directory, site: str
) -> shown.RoundPoint:
    found = None
    if visit is not None:
        found = shown.PointVisit(
            result=visit.result,
            result_name=RESULT_NAMES[visit.result],
            at=visit.at,
            by=visit.by,
            note=visit.note,
            case=visit.case,
            proved=visit.proved,
            sent_at=visit.sent_at,
        )
    return shown.RoundPoint.model_validate(
        {**_point(point, directory, site), "proof": point.proof, "visit": found}
    )


def _offer(action: str, name: Text, why: Text | None, actor: Actor, site: str) -> list[Action]:
    permitted = may(actor, Permission.PATROL_WALK, Thing(site))
    return offered([AllowedAction(action, name, why is None, why)], permitted=permitted)

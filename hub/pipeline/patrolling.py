"""Patrols: rounds become due by time, are walked by guards, and are over by time."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from hub.cases import SYSTEM, CaseSource
from hub.config.org import Org
from hub.config.patrols import PatrolPlan, Plans
from hub.errors import BadRequestError, NotFoundError
from hub.patrols import (
    Point,
    Result,
    Round,
    Visit,
    begin,
    code_of,
    due_between,
    ended,
    given_longer,
    moment,
    proved,
    visited,
)
from hub.pipeline.acts import OpenCase, StartRound, VisitPoint
from hub.pipeline.case_calls import ROUND_MISSED
from hub.pipeline.paging import Paging
from hub.pipeline.registry import Registry
from hub.pipeline.work import Work
from hub.store.write.cases import find_case
from hub.store.write.patrols import (
    find_round,
    insert_round,
    made_until,
    over_rounds,
    set_made_until,
    update_round,
)
from wire import Text

NO_PATROLS: Final[Plans] = {}

MOST_A_TICK: Final = 50
"""Rounds of a plan that one tick makes, and rounds that it ends."""

LOOK_BACK_MS: Final = 7 * 24 * 3_600_000
"""A hub that was away for longer does not make up for the rounds of before."""

AWAY_MS: Final = 60_000
"""A round that is found over by more than this: the hub was not there to take its points."""

_FOUND: Final = Text(zh="巡查发现", en="found on a round")
_LEFT: Final = Text(zh="漏巡", en="round missed")


class Patrolling:
    """Holds nothing but the configuration. Raises what `hub.errors` names.

    hashed: the keyed hash of a site's value.
    """

    def __init__(
        self,
        *,
        patrols: Plans,
        registry: Registry,
        org: Org,
        open_case: Callable[[Work, OpenCase], str],
        paging: Paging,
        hashed: Callable[[str, str], str],
    ) -> None:
        self._hashed = hashed
        self._patrols = patrols
        self._registry = registry
        self._org = org
        self._open_case = open_case
        self._paging = paging

    def run_act(self, work: Work, act: VisitPoint | StartRound) -> str:
        """What a person does; the id of the round."""
        return self._start(work, act) if isinstance(act, StartRound) else self._visit(work, act)

    def run(self, work: Work) -> None:
        """Let time pass: make what is due, end what is over."""
        if self._patrols:
            known = made_until(work.connection)
            for site, plans in self._patrols.items():
                for plan in plans.values():
                    self._make_due(work, site, plan, known.get((site, plan.id)))
        for one in over_rounds(work.connection, work.now, MOST_A_TICK):
            self._end(work, one)

    def _make_due(self, work: Work, site: str, plan: PatrolPlan, known: int | None) -> None:
        """A plan that is seen for the first time begins with its next round."""
        if known is None:
            set_made_until(work.connection, site, plan.id, work.now)
            return
        after = max(known, work.now - LOOK_BACK_MS)
        found = due_between(plan, after, work.now, self._org.roster.utc_offset)
        due = [*islice(found, MOST_A_TICK)]
        for at in due:
            one = begin(plan, site=site, due_at=at, now=work.now)
            if insert_round(work.connection, one):
                work.changed(site, "round", one.id, one.version)
        if due:
            set_made_until(work.connection, site, plan.id, due[-1])

    def _end(self, work: Work, one: Round) -> None:
        plan = self._patrols.get(one.site, {}).get(one.plan)
        if plan is not None and work.now - one.ends_at > AWAY_MS:
            self._keep(work, given_longer(one, work.now + plan.grace * 1000))
            return
        after = ended(one, work.now)
        self._keep(work, after)
        if plan is not None and plan.missed is not None and one.planned and after.unseen:
            self._missed(work, after, plan, plan.missed)

    def _missed(self, work: Work, one: Round, plan: PatrolPlan, category: str) -> None:
        left = one.unseen
        zh, en = "、".join(point.name.zh for point in left), ", ".join(p.name.en for p in left)
        act = OpenCase(
            site=one.site,
            category=category,
            title=_titled(one.name, _LEFT),
            actor=SYSTEM,
            note=f"漏巡点位：{zh}\nNot looked at: {en}",
            place=left[0].place,
            device=self._device(one, left[0]),
            source=CaseSource.INSPECTION,
            origin=_origin(one),
        )
        case = find_case(work.connection, one.site, self._open_case(work, act))
        if case is not None and plan.posts:
            self._paging.case(work, case, plan.posts, ROUND_MISSED)

    def _start(self, work: Work, act: StartRound) -> str:
        plan = self._patrols.get(act.site, {}).get(act.plan)
        if plan is None:
            raise NotFoundError("patrol", act.plan)
        one = begin(plan, site=act.site, due_at=work.now, now=work.now, by=act.actor)
        if insert_round(work.connection, one):
            work.changed(one.site, "round", one.id, one.version)
        return one.id

    def _visit(self, work: Work, act: VisitPoint) -> str:
        one = find_round(work.connection, act.site, act.round)
        if one is None:
            raise NotFoundError("round", act.round)
        at, sent_at = moment(one, act.visited_at, work.now)
        visit = Visit(
            act.point,
            act.result,
            at,
            act.actor,
            (act.note or "").strip() or None,
            sent_at=sent_at,
            proved=self._proved(one, act),
        )
        after = visited(one, visit)  # what is refused opens no case
        if act.result is Result.FINDING:
            after = visited(one, replace(visit, case=self._found(work, one, act)))
        elif act.photos or act.category is not None:
            field = "photos" if act.photos else "category"
            raise BadRequestError("goes with a finding", field=field)
        self._keep(work, after)
        return after.id

    def _proved(self, one: Round, act: VisitPoint) -> bool:
        point = one.point(act.point)
        if point is None:
            raise NotFoundError("point", act.point)
        right = code_of(self._hashed(one.site, point_text(one.plan, point.id)))
        return proved(point, act.result, act.code, right)

    def _found(self, work: Work, one: Round, act: VisitPoint) -> str:
        """Open the case of a finding; its id."""
        point = next(point for point in one.points if point.id == act.point)
        return self._open_case(
            work,
            OpenCase(
                site=one.site,
                category=act.category or point.category,
                title=_titled(point.name, _FOUND),
                actor=act.actor,
                note=act.note or "",
                place=point.place,
                device=self._device(one, point),
                source=CaseSource.INSPECTION,
                photos=act.photos,
                origin=_origin(one, point),
            ),
        )

    def _device(self, one: Round, point: Point) -> str | None:
        """One that has left the registry since the round began stops nobody from reporting."""
        if point.device is None or self._registry.device(one.site, point.device) is None:
            return None
        return point.device

    def _keep(self, work: Work, one: Round) -> None:
        update_round(work.connection, one)
        work.changed(one.site, "round", one.id, one.version)


def point_text(plan: str, point: str) -> str:
    """What a point's code is the keyed hash of; no plate or number is written so."""
    return f"patrol-point|{plan}|{point}"


def _titled(what: Text, why: Text) -> Text:
    return Text(zh=f"{what.zh}：{why.zh}", en=f"{what.en}: {why.en}")


def _origin(one: Round, point: Point | None = None) -> Mapping[str, Any]:
    """What the first line of the case's history says of where it came from."""
    told: dict[str, Any] = {"round": one.id, "round_name": one.name.model_dump()}
    if point is not None:
        told |= {"point": point.id, "point_name": point.name.model_dump()}
    return told

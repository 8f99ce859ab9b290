"""Plans as people see and change them: checked, on record, one writer at a time."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from hub.access.authorise import may
from hub.access.limits import Thing
from hub.access.permissions import Permission
from hub.access.roles import Actor
from hub.api.models.plan import (
    CameraDrawing,
    DrawingChange,
    PlanArea,
    PlanBuilding,
    PlanChange,
    SitePlan,
)
from hub.api.trail import Trail
from hub.config import Device
from hub.config.plan import Area, Drawing, Footprint, Plan
from hub.errors import BadRequestError, NotFoundError
from hub.plans import Kept, Layout, PlanFiles, lay_out
from hub.plans.written import as_toml
from hub.rules.drawn import SORTS, drawing_of, faults


class BadDrawingError(BadRequestError):
    """A drawing that cannot be kept. faults: which shape, and why."""

    code = "bad-drawing"

    def __init__(self, found: list[tuple[str, str]]) -> None:
        super().__init__(found[0][1], field=found[0][0] or "drawing")
        self.faults = found


@dataclass(frozen=True, slots=True)
class Plans:
    """What the routes about plans do."""

    files: PlanFiles
    trail: Trail

    async def show(self, actor: Actor, site: str) -> SitePlan:
        """The plan of a site."""
        return await asyncio.to_thread(self._shown, actor, site)

    async def change(self, actor: Actor, site: str, asked: PlanChange) -> SitePlan:
        """Move and draw; the plan as it is then."""

        def how(plan: Plan) -> Plan:
            return _changed(plan, asked, lay_out(self.files.site(site), plan))

        detail = {"places": sorted(asked.places)[:50], "buildings": sorted(asked.buildings)[:50]}
        await self._keep(actor, site, asked.version, how, "plan.change", site, **detail)
        return await self.show(actor, site)

    def drawing(self, site: str, device: str) -> CameraDrawing:
        """What is drawn over a camera's picture. Raises NotFoundError when nothing ever is."""
        return self._drawn(site, self._camera(site, device))

    async def draw(
        self, actor: Actor, site: str, device: str, asked: DrawingChange
    ) -> CameraDrawing:
        """Keep a drawing. Raises BadDrawingError, and as `PlanFiles.change`."""
        camera = self._camera(site, device)
        wrong = faults(camera.kind, camera.settings, asked.drawing)
        if wrong:
            raise BadDrawingError(wrong)
        if asked.try_only:
            return self._drawn(site, camera)

        def how(plan: Plan) -> Plan:
            return plan.model_copy(update={"drawings": plan.drawings | {device: asked.drawing}})

        await self._keep(actor, site, asked.version, how, "plan.draw", device)
        return self._drawn(site, camera)

    async def _keep(
        self,
        actor: Actor,
        site: str,
        version: str,
        how: Callable[[Plan], Plan],
        action: str,
        thing: str,
        **detail: object,
    ) -> None:
        told = self.trail.act(actor, site, action, thing, before=version, **detail)
        await self.trail.begun(told)
        async with self.trail.noting_refusal(told):
            kept = await asyncio.to_thread(self.files.change, site, version, how)
        done = replace(told, detail={"before": version, "after": kept.version})
        await self.trail.looked(done)

    def _shown(self, actor: Actor, site: str) -> SitePlan:
        kept = self.files.of(site)
        layout = lay_out(self.files.site(site), kept.plan)
        return show_plan(site, kept, layout, may(actor, Permission.PLAN_EDIT, Thing(site)))

    def _camera(self, site: str, device: str) -> Device:
        found = self.files.site(site).device(device)
        if found is None or found.kind not in SORTS:
            raise NotFoundError("camera that is drawn on", device)
        return found

    def _drawn(self, site: str, camera: Device) -> CameraDrawing:
        kept = self.files.of(site)
        saved = kept.plan.drawings.get(camera.id)
        drawing = drawing_of(camera.kind, camera.settings) if saved is None else saved
        agents = self.files.site(site).devices()
        privacy = drawing.privacy
        return CameraDrawing(
            device=camera.id,
            sort=SORTS[camera.kind],
            version=kept.version,
            drawing=drawing,
            saved=saved is not None,
            waits=_of_rules(saved)
            != _of_rules(self.files.started_with(site).drawings.get(camera.id)),
            agent=next(agent.id for agent, device in agents if device.id == camera.id),
            mask_line=None if privacy is None else f"mask = {as_toml(privacy)}",
        )


def show_plan(site: str, kept: Kept, layout: Layout, editable: bool) -> SitePlan:  # noqa: FBT001
    """A plan as an answer."""
    return SitePlan(
        version=kept.version,
        source=kept.source,
        size=layout.size,
        image=None if kept.plan.image is None else f"/api/sites/{site}/plan/image",
        areas=[_area(one) for one in layout.areas],
        buildings=[
            PlanBuilding(id=name, outline=list(outline), drawn=name in layout.drawn)
            for name, outline in layout.buildings.items()
        ],
        places={name: (round(x, 2), round(y, 2)) for name, (x, y) in layout.places.items()},
        placed=sorted(name for name in layout.places if name in layout.drawn),
        editable=editable,
    )


def _area(one: Area) -> PlanArea:
    return PlanArea.model_validate(one.model_dump())


def _changed(plan: Plan, asked: PlanChange, layout: Layout) -> Plan:
    """Where nothing was drawn yet, what was laid out is kept along with the first change."""
    outlines = {one.id: one.outline for one in plan.buildings}
    update: dict[str, object] = {}
    if not plan.size:
        outlines = {name: tuple(spots) for name, spots in layout.buildings.items()}
        update |= {"size": layout.size, "areas": layout.areas}
    for name, outline in asked.buildings.items():
        outlines.pop(name, None)
        if outline is not None:
            outlines[name] = outline
    places = dict(plan.places)
    for name, spot in asked.places.items():
        places.pop(name, None)
        if spot is not None:
            places[name] = spot
    update["buildings"] = tuple(Footprint(id=name, outline=one) for name, one in outlines.items())
    return plan.model_copy(update=update | {"places": places})


def _of_rules(drawing: Drawing | None) -> Drawing | None:
    """Without what only the agent goes by."""
    return None if drawing is None else drawing.model_copy(update={"privacy": None})

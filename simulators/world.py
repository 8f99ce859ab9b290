"""The estate itself: doors, water, people and cars, and what is watched there. No protocol."""

import asyncio
from collections.abc import Callable
from typing import Any

from simulators.barrier import BarrierController, Way
from simulators.camera import SimulatedCamera
from simulators.cars import Cars
from simulators.director import Director, place_of
from simulators.elevator.lifts import Lifts
from simulators.elevator.scenes import CabinScenes
from simulators.errors import SimulatorError
from simulators.facade.happenings import Facade, Facades
from simulators.facade.live import FPS, LiveFacade
from simulators.facade.view import View
from simulators.gate import GateController, Refusal
from simulators.ledger import Ledger
from simulators.life import Life
from simulators.panel import ElevatorPanel
from simulators.residents import Residents
from simulators.scenario import HarmlessRide, Incident, Scenario, check
from simulators.scenery import still_room, with_passer
from simulators.seeds import draw_from
from simulators.silence import Silences, Speaking
from simulators.site import Device, Site
from simulators.tampering import Tampering
from simulators.traffic import Traffic
from simulators.watches import DoorWatch, PressureWatch
from simulators.water import WaterNetwork
from simulators.wiring import allowed_open_s
from wire import Clock
from wire.kinds import load as load_kinds

STATE_EVERY_S = 25.0
"""Controllers owe a sign of life every 30 s (docs/protocols/gate-http.md)."""

WATCH_EVERY_S = 0.1
_WATCH_AT_LEAST_REAL_S = 0.02
_CLOCK_ERROR_S = 0.3
_PASSER_EVERY_S = 25.0
_PASSER_S = 6.0


class World:
    """What stands on a site and what a scenario does to it.

    put: takes (device, record) for delivery. cabins: what cameras in elevators see.
    reporting: False stops the controllers' signs of life.
    """

    def __init__(
        self,
        site: Site,
        scenario: Scenario,
        *,
        seed: int,
        clock: Clock,
        ledger: Ledger,
        put: Callable[[str, dict[str, Any]], None],
        cabins: CabinScenes | None = None,
    ) -> None:
        self.reporting = True
        self._site = site
        self._scenario = scenario
        self._seed = seed
        self._clock = clock
        self._ledger = ledger
        self._put = put
        self._residents = self._settle()
        sensors = [site.sensor(device) for device in site.devices("water-pressure").values()]
        self.water = WaterNetwork.build(sensors, seed=seed)
        self.gates = {gate: self._gate(gate) for gate in site.devices("gate")}
        self.panels = {panel: self._panel(panel) for panel in site.devices("elevator-panel")}
        self._cars = Cars(seed=seed)
        self.barriers = {one.id: self._barrier(one) for one in site.devices("barrier").values()}
        self.lifts = Lifts(_cabins(site, cabins), cabins, clock=clock, ledger=ledger)
        self.facades = {
            name: self._facade(name, *building) for name, building in site.facades().items()
        }
        self.cameras = self.lifts.cameras | {
            one.id: self._camera(one) for one in site.devices("facade-camera").values()
        }
        self._traffic = Traffic(
            clock,
            self.barriers,
            self._cars,
            scenario.life.cars_per_hour,
            draw_from("traffic", seed),
        )
        self.life = Life(
            clock,
            self.gates,
            self.water,
            self._residents,
            scenario.life.trips_per_hour,
            draw_from("life", seed),
            self._traffic,
            Tampering(clock, self.cameras, ledger),
            self.lifts,
            Facades(clock, self.facades, ledger),
            Silences(clock, ledger, self._speakers(), _patience_s(site)),
            self.panels,
        )
        self._allowed_s = {name: allowed_open_s(one) for name, one in site.devices("gate").items()}
        self._pressures = PressureWatch(self.water, ledger)
        self._doors = DoorWatch(self.gates, ledger, self._allowed_s, clock.rate)
        self._director = self._direct(scenario)
        self._happening: asyncio.TaskGroup | None = None

    @property
    def residents(self) -> Residents:
        """Who lives here."""
        return self._residents

    @property
    def cars(self) -> Cars:
        """Theirs, and their visitors'."""
        return self._cars

    def measure(self, sensor: str) -> float:
        """What a sensor's electronics say now, MPa."""
        return self.water.measure(sensor, self.life.local_s)

    def show(self, sensor: str, mpa: float) -> None:
        """A sensor's reading is about to leave; what is true by now is told first."""
        self._pressures.check(self._clock.now(), local_s=self.life.local_s)
        self._pressures.answered(sensor, mpa)

    async def live(self) -> None:
        """People and cars come and go, and the scenario plays, until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                self._happening = group
                group.create_task(self.life.go_about(), name="residents")
                group.create_task(self._traffic.go_about(), name="traffic")
                group.create_task(self._ride(), name="rides")
                group.create_task(self._director.play(), name="director")
        finally:
            self._happening = None

    def play(self, scenario: Scenario) -> None:
        """Play another scenario of this site from now on; what has begun goes on to its end.

        Raises SimulatorError while the estate does not live.
        """
        group = self._living()
        check(scenario, self._site)
        self._director.stop()
        self._scenario = scenario
        self.life.trips_per_hour = scenario.life.trips_per_hour
        self._traffic.cars_per_hour = scenario.life.cars_per_hour
        self.life.quiet_until_s = 0.0
        self._director = self._direct(scenario)
        group.create_task(self._director.play(), name="director")

    def inject(self, incident: Incident, begun: Callable[[], None]) -> asyncio.Task[None]:
        """Let an incident happen as soon as nobody is there any more; the task ends with it.

        begun: called when it begins. Raises SimulatorError while the estate does not live, and for
            a ride of which there are no pictures.
        """
        if isinstance(incident, HarmlessRide):
            known = self.lifts.subjects(incident.car)
            if incident.subject not in known:
                raise SimulatorError(
                    f"subject: there are no pictures of {incident.subject!r} there"
                )
        return self._living().create_task(self._undergo(incident, begun), name="injected")

    async def _undergo(self, incident: Incident, begun: Callable[[], None]) -> None:
        place = place_of(incident)
        if place is not None:
            self.life.reserve(place)
        try:
            if place is not None:
                await self.life.settled(place)
            begun()
            await self.life.undergo(incident)
        finally:
            if place is not None:
                self.life.free(place)

    def _living(self) -> asyncio.TaskGroup:
        if self._happening is None:
            raise SimulatorError("the estate does not live now")
        return self._happening

    def _direct(self, scenario: Scenario) -> Director:
        return Director(
            scenario,
            self.life,
            limits_mpa={name: one.limit_mpa() for name, one in self.water.sensors.items()},
            allowed_s=self._allowed_s,
            draw=draw_from("incidents", self._seed),
        )

    async def _ride(self) -> None:
        draw = draw_from("rides", self._seed)
        per_hour = self._scenario.life.rides_per_hour
        await self.lifts.go_about(self._clock, draw, per_hour, self.life.is_reserved)

    async def keep_watch(self, *, every_s: float = WATCH_EVERY_S) -> None:
        """Tell the ledger what becomes true, and have barriers do what is due, until cancelled."""
        pause_s = max(_WATCH_AT_LEAST_REAL_S, self._clock.real_seconds(every_s))
        while True:
            now = self._clock.now()
            self._pressures.check(now, local_s=self.life.local_s)
            self._doors.check(now)
            if self.reporting:
                self._traffic.tend()
            await asyncio.sleep(pause_s)

    async def report_states(self) -> None:
        """Give the controllers' signs of life, until cancelled."""
        while True:
            if self.reporting:
                silences = self.life.silences
                for name, controller in silences.controllers.items():
                    if name not in silences.silent:
                        controller.report_state()
            await self.life.sleep(STATE_EVERY_S)

    def _speakers(self) -> dict[str, Speaking]:
        """All that give signs of life."""
        return {**self.gates, **self.barriers, **self.panels}

    def _settle(self) -> Residents:
        doors: dict[str, list[str]] = {one.id: [] for one in self._site.building}
        outer: list[str] = []
        for gate in self._site.devices("gate").values():
            (outer if gate.building is None else doors.setdefault(gate.building, [])).append(
                gate.id
            )
        panels: dict[str, list[str]] = {}
        for panel in self._site.devices("elevator-panel").values():
            if panel.building is not None:
                panels.setdefault(panel.building, []).append(panel.id)
        floors = {one.id: one.floors for one in self._site.building}
        return Residents(doors, outer, seed=self._seed, panels=panels, floors=floors)

    def _clock_error_s(self, device: str) -> float:
        usual = draw_from(f"clock-{device}", self._seed).uniform(-_CLOCK_ERROR_S, _CLOCK_ERROR_S)
        return self._scenario.clock_error_s.get(device, usual)

    def _barrier(self, device: Device) -> BarrierController:
        way: Way = "out" if device.settings.get("way") == "out" else "in"
        return BarrierController(
            device.id,
            way=way,
            clock=self._clock,
            ledger=self._ledger,
            put=lambda record: self._put(device.id, record),
            admits=self._admit_in if way == "in" else _admit_out,
            clock_error_s=self._clock_error_s(device.id),
        )

    def _gate(self, gate: str) -> GateController:
        return GateController(
            gate,
            clock=self._clock,
            ledger=self._ledger,
            put=lambda record: self._put(gate, record),
            admits=self._admit,
            clock_error_s=self._clock_error_s(gate),
        )

    def _panel(self, panel: str) -> ElevatorPanel:
        return ElevatorPanel(
            panel,
            clock=self._clock,
            ledger=self._ledger,
            put=lambda record: self._put(panel, record),
            home=self._residents.home,
            clock_error_s=self._clock_error_s(panel),
        )

    def _facade(self, camera: str, floors: int, floor_m: float) -> Facade:
        scene = LiveFacade(View(floors, floor_m, self._drawn(camera)))
        return Facade(SimulatedCamera(camera, scene, fps=FPS), scene)

    def _camera(self, device: Device) -> SimulatedCamera:
        """One that looks at no building looks into a room, through which somebody walks."""
        if device.id in self.facades:
            return self.facades[device.id].camera
        room = still_room(self._drawn(device.id))
        scene = with_passer(room, period_s=_PASSER_EVERY_S, on_s=_PASSER_S)
        return SimulatedCamera(device.id, scene)

    def _drawn(self, camera: str) -> int:
        return draw_from(f"camera-{camera}", self._seed).randrange(2**32)

    def _admit(self, card: str) -> Refusal | None:
        return None if card in self._residents.cards else Refusal("unknown-credential")

    def _admit_in(self, plate: str) -> str | None:
        return None if plate in self._cars.listed else "not-listed"


def _cabins(site: Site, cabins: CabinScenes | None) -> dict[str, str]:
    """The cabin that each car's camera looks into: in the order of both files, again and again."""
    known = sorted(cabins.cabins) if cabins is not None else [""]
    cars = site.devices("elevator-camera")
    return {name: known[place % len(known)] for place, name in enumerate(cars)}


def _patience_s(site: Site) -> dict[str, float]:
    """How long each controller may say nothing: as its kind has it, or its own settings."""
    kinds = load_kinds()
    return {
        name: float(device.settings.get("silent_after_s", kinds[device.kind].silent_after_s))
        for kind in ("gate", "barrier")
        for name, device in site.devices(kind).items()
    }


def _admit_out(_plate: str) -> str | None:
    """Whoever came in may go out."""
    return None

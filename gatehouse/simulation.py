"""Hands the hub's API the simulator that runs in the same process: the one place that knows both.

A hub that is started by itself (`gatehouse hub`) is never given one.
"""

from collections.abc import Mapping

from hub.api.models.simulator import (
    EventScore,
    FalseAlarm,
    Injectable,
    Injected,
    LaneScore,
    ObservationScore,
    OptionCard,
    ScenarioCard,
    Scorecard,
    SimulatedPlace,
    SimulatedTruth,
    Simulator,
    Value,
)
from hub.api.simulators import SimulatorPort
from hub.errors import BadRequestError, UnavailableError
from simulators import injectable
from simulators.control import Control
from simulators.control import Injected as Happening
from simulators.errors import HubError, SimulatorError
from simulators.livecount import SoFar
from simulators.scenario import Scenario
from simulators.site import Device
from simulators.timeline import Entry, Standing
from wire import Text

SHOWN = 100


class Simulation:
    """What the hub is given when it starts: nobody, until an estate lives beside it."""

    def __init__(self) -> None:
        self._desk: Desk | None = None

    def attach(self, control: Control) -> None:
        """From now on this estate is the simulator of its site."""
        self._desk = Desk(control)

    def of(self, site: str) -> SimulatorPort | None:
        """See `hub.api.simulators`."""
        return self._desk if self._desk is not None and self._desk.site == site else None


class Desk:
    """One estate, in the API's words; see `SimulatorPort`."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self.site = control.estate.site.id

    def card(self) -> Simulator:
        """The run, and what can be made to happen."""
        control, estate = self._control, self._control.estate
        return Simulator(
            site=self.site,
            scenario=estate.scenario.name,
            scenario_at=control.scenario_at,
            began_at=control.began_at,
            now=estate.now(),
            seed=estate.seed,
            speed=estate.speed,
            scenarios=[_scenario(one) for one in control.scenarios],
            injectables=[self._injectable(one, where) for one, where in control.injectables],
            injected=[self._injected(one) for one in control.injected],
        )

    async def scorecard(self) -> Scorecard:
        """How the hub does."""
        try:
            so_far = await self._control.so_far()
        except HubError as error:
            raise UnavailableError("the hub did not answer its own examiner; try again") from error
        found = self._control.timeline()
        return Scorecard(
            now=self._control.estate.now(),
            passed=_passed(found.standings, so_far),
            events=[_score(one) for one in found.standings],
            truths=[self._truth(one, found.standings) for one in found.entries[:SHOWN]],
            false_alarms=[
                FalseAlarm(kind=one.condition, device=one.device, at=one.at)
                for one in found.false[:SHOWN]
            ],
            observations=_observations(so_far),
        )

    def start(self, scenario: str) -> None:
        """Play a scenario."""
        try:
            self._control.start(scenario)
        except SimulatorError as error:
            raise BadRequestError(str(error)) from error

    def inject(self, event: str, device: str, options: Mapping[str, Value], *, by: str) -> Injected:
        """Have something happen."""
        try:
            return self._injected(self._control.inject(event, device, options, by=by))
        except SimulatorError as error:
            raise BadRequestError(str(error)) from error

    def _injectable(self, one: injectable.Injectable, where: Mapping[str, Device]) -> Injectable:
        options = [
            OptionCard(
                id=option.id,
                name=option.name,
                usual=option.usual,
                choices=dict(option.choices),
                least=option.least,
                most=option.most,
                unit=option.unit,
            )
            for option in one.options
        ]
        return Injectable(
            id=one.id,
            icon=one.icon,
            name=one.name,
            hint=one.hint,
            raises=list(one.raises),
            options=options,
            places=[SimulatedPlace(device=name, busy=self._control.busy(name)) for name in where],
        )

    def _injected(self, one: Happening) -> Injected:
        waits = one.state == "waiting"
        return Injected(
            number=one.number,
            event=one.event,
            device=one.device,
            by=one.by,
            asked_at=one.asked_at,
            begun_at=one.begun_at,
            begins_in_s=self._control.estate.settles_in_s(one.device) if waits else None,
            state=one.state,
        )

    def _truth(self, entry: Entry, standings: list[Standing]) -> SimulatedTruth:
        truth, alert = entry.match.truth, entry.match.alert
        limit_s = next(one.limit_s for one in standings if one.figures["kind"] == truth.kind)
        return SimulatedTruth(
            number=entry.number,
            kind=truth.kind,
            device=truth.device,
            at=truth.at,
            state=entry.state,
            detected_at=None if alert is None else self._control.estate.moment(alert.received),
            latency_s=entry.match.latency_s,
            limit_s=limit_s,
        )


def _scenario(one: Scenario) -> ScenarioCard:
    return ScenarioCard(
        id=one.name,
        title=one.title or Text.plain(one.name),
        about=one.about,
        steps=len(one.step),
        goes_on=one.after is not None,
    )


def _score(one: Standing) -> EventScore:
    figures, latency = one.figures, one.figures["latency_s"]
    return EventScore(
        kind=figures["kind"],
        truth=figures["truth"],
        detected=figures["detected"],
        waiting=one.waiting,
        missed=figures["missed"] - one.waiting,
        false=figures["false"],
        p50_s=latency["p50"],
        p99_s=latency["p99"],
        max_s=latency["max"],
        limit_s=one.limit_s,
    )


def _observations(so_far: SoFar) -> ObservationScore:
    return ObservationScore(
        generated=so_far.generated,
        stored=so_far.stored,
        under_way=so_far.under_way,
        lost=so_far.lost,
        duplicated=so_far.doubled,
        lanes={
            name: LaneScore(
                stored=lane.stored,
                duplicates=lane.duplicates,
                dropped=lane.dropped,
                dead=lane.dead,
                backlog=lane.backlog,
            )
            for name, lane in so_far.lanes.items()
        },
    )


def _passed(standings: list[Standing], so_far: SoFar) -> bool:
    for one in standings:
        p99 = one.figures["latency_s"]["p99"]
        missed = one.figures["missed"] - one.waiting
        if missed or one.figures["false"] or (p99 is not None and p99 > one.limit_s):
            return False
    return not (so_far.lost or so_far.doubled)

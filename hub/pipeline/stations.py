"""What a transaction of the pipeline passes through, put together once."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.cases import Rulebook
from hub.config import AlarmType, Catalogue, Mode, Plans
from hub.config.org import Org
from hub.pipeline.acting import Acting
from hub.pipeline.alarm_timers import AlarmTimers
from hub.pipeline.alerting import Alerting
from hub.pipeline.annunciator import Annunciator
from hub.pipeline.case_calls import CaseCalls
from hub.pipeline.case_timing import CaseTiming
from hub.pipeline.casework import CaseWork
from hub.pipeline.family import Family
from hub.pipeline.handling import Handling
from hub.pipeline.health import Health
from hub.pipeline.holding import Holding
from hub.pipeline.looking import Looking
from hub.pipeline.mode_switching import ModeSwitching
from hub.pipeline.modes import NO_MODES, Modes
from hub.pipeline.opening import Opening
from hub.pipeline.paging import OnRecordOnly, Paging
from hub.pipeline.patrolling import NO_PATROLS, Patrolling
from hub.pipeline.registry import Registry
from hub.pipeline.rule_steps import RuleSteps
from hub.pipeline.watching import Watching
from hub.store.seal import Seal
from hub.store.write.streams import Streams
from hub.telemetry import Telemetry


@dataclass(frozen=True, slots=True)
class Stations:
    """In the order in which what agents say passes them: dedupe, rules, alerts, cases, people."""

    registry: Registry
    streams: Streams
    health: Health
    rules: RuleSteps
    telemetry: Telemetry
    handling: Handling
    alerting: Alerting
    timers: AlarmTimers
    timing: CaseTiming
    switching: ModeSwitching
    patrolling: Patrolling
    watching: Watching
    acting: Acting


def make_stations(  # noqa: PLR0913 - the parts that they are put together from, all by name
    *,
    registry: Registry,
    telemetry: Telemetry,
    alarms: Mapping[str, AlarmType],
    catalogue: Catalogue,
    org: Org,
    seal: Seal,
    paging: Paging | None = None,
    modes: Mapping[str, Mode] = NO_MODES,
    patrols: Plans = NO_PATROLS,
) -> Stations:
    """The stations of one hub.

    paging: calls people who are not at the desk; without it such calls are only on record.
    modes: that a site may be switched to. patrols: whose rounds become due.
    """
    paging = paging or OnRecordOnly()
    effects = Modes(modes=modes, registry=registry, catalogue=catalogue, org=org)
    calls = CaseCalls(catalogue=catalogue, org=org, paging=paging, modes=effects)
    timing = CaseTiming(catalogue=catalogue, org=org, registry=registry, calls=calls, modes=effects)
    opening = Opening(
        registry=registry, alarms=alarms, categories=catalogue.categories, timing=timing
    )
    annunciator = Annunciator(org=org, registry=registry, paging=paging)
    alerting = Alerting(
        registry=registry,
        alarms=alarms,
        annunciator=annunciator,
        family=Family(registry=registry, alarms=alarms),
        opening=opening,
        modes=effects,
    )
    switching = ModeSwitching(
        modes=modes,
        registry=registry,
        alarms=alarms,
        catalogue=catalogue,
        annunciator=annunciator,
        timing=timing,
        org=org,
    )
    holding = Holding(registry=registry, alarms=alarms, alerting=alerting, annunciator=annunciator)
    casework = CaseWork(
        registry=registry,
        categories=catalogue.categories,
        rulebook=Rulebook(catalogue),
        timing=timing,
        calls=calls,
        modes=effects,
    )
    patrolling = Patrolling(
        patrols=patrols,
        registry=registry,
        org=org,
        open_case=casework.open,
        paging=paging,
        hashed=seal.hash,
    )
    streams, health, rules = Streams(), Health(registry), RuleSteps(registry)
    watching = Watching(alerting)
    return Stations(
        registry=registry,
        streams=streams,
        health=health,
        rules=rules,
        telemetry=telemetry,
        handling=Handling(
            registry=registry,
            streams=streams,
            health=health,
            rules=rules,
            alerting=alerting,
            telemetry=telemetry,
            watching=watching,
            seal=seal,
        ),
        alerting=alerting,
        timers=AlarmTimers(alerting=alerting, annunciator=annunciator, holding=holding),
        timing=timing,
        switching=switching,
        patrolling=patrolling,
        watching=watching,
        acting=Acting(
            registry=registry,
            opening=opening,
            annunciator=annunciator,
            holding=holding,
            categories=catalogue.categories,
            casework=casework,
            switching=switching,
            patrolling=patrolling,
            looking=Looking(alerting),
            watching=watching,
            hashed=seal.hash,
            reporter=paging.reporter,
        ),
    )

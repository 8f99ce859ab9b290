"""Fills the directory from what the configuration says."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from hub.api.directory import AgentFacts, DeviceFacts, Directory
from hub.api.models import catalogue as shown
from hub.api.models.device import Limits
from hub.api.models.people import Purpose
from hub.api.present.modes import show_mode
from hub.cases import (
    ACTIONS,
    BULK,
    DONE_STATES,
    RESOLUTIONS,
    START,
    STATE_NAMES,
    TRANSITIONS,
    CaseState,
    Rulebook,
)
from hub.config import (
    DISPUTE_NAMES,
    WHISTLE_NAMES,
    Agent,
    AlarmType,
    Catalogue,
    Category,
    Device,
    Mode,
    Plans,
    Site,
)
from hub.config.org import Org
from hub.pipeline.modes import NO_MODES
from hub.pipeline.patrolling import NO_PATROLS
from hub.rules import RuleSettings, limits
from wire import Text
from wire.kinds import Kind


def make_directory(
    sites: Iterable[Site],
    *,
    kinds: Mapping[str, Kind],
    settings: RuleSettings,
    alarms: Mapping[str, AlarmType],
    catalogue: Catalogue,
    org: Org,
    modes: Mapping[str, Mode] = NO_MODES,
    patrols: Plans = NO_PATROLS,
) -> Directory:
    """The directory. Raises ConfigError where a device's settings contradict each other."""
    known = list(sites)
    made = Directory(
        sites={site.id: _site(site, org) for site in known},
        devices={
            site.id: {
                device.id: _device(site, agent, device, kinds[device.kind], settings)
                for agent, device in site.devices()
            }
            for site in known
        },
        agents={site.id: {agent.id: _agent(agent) for agent in site.agents} for site in known},
        kinds=kinds,
        conditions={alarm.id: _condition(alarm) for alarm in alarms.values()},
        categories={one.id: _category(one, catalogue) for one in catalogue.categories.values()},
        departments={
            one.id: shown.DepartmentInfo(id=one.id, name=one.name, contractor=one.contractor)
            for one in catalogue.departments.values()
        },
        rulebook=Rulebook(catalogue),
        units={one.id: one.name for one in org.tree.units},
        purposes={
            one.id: Purpose(**one.model_dump(include=set(Purpose.model_fields)))
            for one in catalogue.purposes.values()
        },
        flow=case_flow(),
        org=org,
        modes=modes,
        mode_cards={},
        patrols=patrols,
        tags=catalogue.tags,
    )
    cards = {one.id: show_mode(one, made, catalogue) for one in modes.values()}
    return replace(made, mode_cards=cards)


def case_flow() -> shown.CaseFlow:
    """The transition table of cases, as the API tells it."""
    return shown.CaseFlow(
        start=START.value,
        states=[
            shown.FlowState(id=state.value, name=STATE_NAMES[state], open=state not in DONE_STATES)
            for state in CaseState
        ],
        actions=[
            shown.FlowAction(
                id=spec.id,
                name=spec.name,
                role=spec.role,
                needs=list(spec.needs),
                takes=list(spec.takes),
                bulk=spec.id in BULK,
                steps=[
                    shown.FlowStep(from_state=before.value, to_state=after.value)
                    for (before, action), after in TRANSITIONS.items()
                    if action == spec.id
                ],
            )
            for spec in ACTIONS.values()
        ],
        resolutions=[
            shown.ResolutionInfo(
                id=one.id, name=one.name, genuine=one.genuine, standard=one.standard
            )
            for one in RESOLUTIONS.values()
        ],
    )


def _category(one: Category, catalogue: Catalogue) -> shown.CategoryInfo:
    return shown.CategoryInfo(
        id=one.id,
        branch=catalogue.classes[one.case_class].name,
        branch_id=one.case_class,
        name=one.name,
        priority=one.priority,
        hint=one.hint,
        manual=one.manual,
        whistle=one.whistle,
        whistle_name=WHISTLE_NAMES[one.whistle],
        lead=catalogue.departments[one.lead].name,
        lead_id=one.lead,
        helpers=[catalogue.departments[name].name for name in one.helpers],
        helper_ids=list(one.helpers),
        direct=one.direct,
        dispute=DISPUTE_NAMES[one.dispute],
        standard=[
            shown.StandardInfo(
                id=item.id, text=item.text, optional=item.optional, photos=list(item.photos)
            )
            for item in one.standard
        ],
    )


def _site(site: Site, org: Org) -> shown.Site:
    parts = org.parts_of(site.id, [building.id for building in site.buildings])
    return shown.Site(
        id=site.id,
        name=site.name,
        buildings=[
            shown.Building(
                id=building.id,
                name=building.name,
                floors=building.floors,
                basements=building.basements,
                floor_height_m=building.floor_height_m,
            )
            for building in site.buildings
        ],
        units=[shown.Part(id=one.id, name=one.name) for one in parts],
        home_plates=list(site.home_plates),
    )


def _device(
    site: Site, agent: Agent, device: Device, kind: Kind, settings: RuleSettings
) -> DeviceFacts:
    drawn = limits(site, device, kind, settings)
    return DeviceFacts(
        id=device.id,
        agent=agent.id,
        kind=kind,
        name=device.name,
        place=device.place,
        building=device.building,
        floor=device.floor,
        limits={name: Limits(low=one.low, high=one.high) for name, one in drawn.items()},
    )


def _agent(agent: Agent) -> AgentFacts:
    return AgentFacts(agent.id, agent.name or Text.plain(agent.id), agent.place)


def _condition(alarm: AlarmType) -> shown.ConditionInfo:
    return shown.ConditionInfo(
        id=alarm.id,
        name=alarm.name,
        priority=alarm.priority,
        response=alarm.response,
        owner=alarm.owner,
        respond_s=alarm.respond_s,
        latching=alarm.latching,
        on_delay_s=alarm.on_delay_s,
        off_delay_s=alarm.off_delay_s,
        dead_band=alarm.dead_band,
        suppresses=list(alarm.suppresses),
    )

"""The switch between peace and emergency: turned by people, turned back by time, told to cases."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from hub.alerts import Alert, AlertState
from hub.alerts.modes import (
    WHOLE_SITE,
    Switch,
    alarm_in,
    begin,
    check_may,
    checked_reason,
    end,
    most_urgent,
    prolong,
)
from hub.cases import SYSTEM, Case, HistoryEntry
from hub.config import AlarmType, Catalogue, Mode, Role
from hub.config.org import Org
from hub.errors import BadRequestError, ConflictError, NotFoundError
from hub.pipeline.acts import ModeAct, SwitchMode
from hub.pipeline.annunciator import Annunciator
from hub.pipeline.case_timing import CaseTiming
from hub.pipeline.registry import Registry
from hub.pipeline.work import Work
from hub.store.write.alerts import add_alert_step, update_alert
from hub.store.write.cases import update_case
from hub.store.write.modes import (
    alerts_of,
    cases_after,
    count_switches,
    find_switch,
    in_force,
    insert_switch,
    overdue_switches,
    untold_switches,
    update_switch,
)

MOST_A_TICK: Final = 200
"""Open cases that one tick tells of a mode, so that people and life safety never wait long."""

BEGUN: Final = "mode"
OVER: Final = "mode-over"
"""How these steps are called in the histories of alerts and cases."""


class ModeSwitching:
    """Holds nothing but the configuration. Raises what `hub.errors` names."""

    def __init__(
        self,
        *,
        modes: Mapping[str, Mode],
        registry: Registry,
        alarms: Mapping[str, AlarmType],
        catalogue: Catalogue,
        annunciator: Annunciator,
        timing: CaseTiming,
        org: Org,
    ) -> None:
        self._org = org
        self._modes = modes
        self._registry = registry
        self._alarms = alarms
        self._catalogue = catalogue
        self._annunciator = annunciator
        self._timing = timing

    def run_act(self, work: Work, act: SwitchMode | ModeAct) -> str:
        """What a person asks; the id of the time that the mode is switched on."""
        return self.begin(work, act) if isinstance(act, SwitchMode) else self.act(work, act)

    def begin(self, work: Work, act: SwitchMode) -> str:
        """Switch an area to a mode; returns the id of this time."""
        mode = self._mode(act.mode)
        if act.area != WHOLE_SITE and act.area not in self._areas(act.site):
            raise BadRequestError("is no building or grid of this site", field="area")
        asked = Switch(
            id=_id(work, act.site, act.area),
            site=act.site,
            area=act.area,
            mode=mode.id,
            reason=act.reason,
            until=act.until,
            begun_by=act.actor,
            begun_at=work.now,
        )
        switch = begin(asked, mode, role=act.role, now=work.now)
        here = [one for one in in_force(work.connection, act.site) if one.area == act.area]
        if [one.id for one in here] != [name for name in (act.replaces,) if name is not None]:
            raise ConflictError("another mode is in force here by now", code="mode-in-force")
        for one in here:
            self._end(work, one, act.actor, act.role, act.reason)
        insert_switch(work.connection, switch)
        self._told(work, switch)
        self._raise_alarms(work, switch, mode)
        return switch.id

    def act(self, work: Work, act: ModeAct) -> str:
        """Prolong a mode, or end it."""
        switch = find_switch(work.connection, act.site, act.switch)
        if switch is None:
            raise NotFoundError("mode", act.switch)
        if act.version is not None and act.version != switch.version:
            raise ConflictError("it has changed since you looked", code="stale-version")
        reason = checked_reason(act.reason)
        if act.action == "end":
            self._end(work, switch, act.actor, act.role, reason)
            return switch.id
        if act.action != "prolong":
            raise BadRequestError(f"no action {act.action!r}", field="action")
        if act.until is None:
            raise BadRequestError("is needed", field="until")
        mode = self._mode(switch.mode)
        after = prolong(switch, mode, until=act.until, role=act.role, now=work.now)
        update_switch(work.connection, after)
        self._told(work, after)
        return switch.id

    def run(self, work: Work) -> None:
        """Let time pass: end what is over, and tell open cases of what began or ended."""
        for one in overdue_switches(work.connection, work.now, MOST_A_TICK):
            # It was over at its end, however late the hub came to write that down.
            after = end(one, actor=None, over=None, now=one.until)
            update_switch(work.connection, after)
            self._told(work, after)
        for one in untold_switches(work.connection, 1):
            self._tell_cases(work, one)

    def _end(self, work: Work, switch: Switch, actor: str, role: Role, reason: str) -> None:
        mode = self._modes.get(switch.mode)
        if mode is not None:  # one that has left the configuration may be ended by anybody
            check_may(mode, role)
        after = end(switch, actor=actor, over=reason, now=work.now)
        update_switch(work.connection, after)
        self._told(work, after)

    def _told(self, work: Work, switch: Switch) -> None:
        work.modes.pop(switch.site, None)
        work.changed(switch.site, "mode", switch.id, switch.version)

    def _raise_alarms(self, work: Work, switch: Switch, mode: Mode) -> None:
        """What is there already counts as if it came now; none is ever lowered."""
        for alert in alerts_of(work.settled(), switch.site, list(mode.alarms)):
            alarm = self._alarms.get(alert.condition)
            building = self._registry.building(alert.site, alert.device)
            if alarm is None or not switch.covers(self._org.areas_of(alert.site, building)):
                continue
            wanted = most_urgent([alert.priority, alarm_in([mode], alarm).priority])
            if wanted is not alert.priority:
                self._raise(work, replace(alert, priority=wanted, version=alert.version + 1), mode)

    def _raise(self, work: Work, alert: Alert, mode: Mode) -> None:
        if alert.state is AlertState.UNACKNOWLEDGED and not (alert.chattering or alert.late):
            alert = self._annunciator.tell(work, alert)
        update_alert(work.connection, alert)
        add_alert_step(
            work.later,
            alert,
            at=work.now,
            actor=SYSTEM,
            action=BEGUN,
            from_state=alert.state,
            detail={"mode": mode.id, "priority": alert.priority.value},
        )
        work.changed(alert.site, "alert", alert.id, alert.version)

    def _tell_cases(self, work: Work, switch: Switch) -> None:
        mode = self._modes.get(switch.mode)
        found = cases_after(work.connection, switch.site, switch.touched or "", MOST_A_TICK)
        for case in found:
            if mode is not None and self._touches(switch, mode, case):
                self._tell_case(work, switch, case)
        last = found[-1].id if len(found) == MOST_A_TICK else None
        update_switch(work.connection, replace(switch, touched=last))

    def _tell_case(self, work: Work, switch: Switch, case: Case) -> None:
        after = case
        if switch.in_force:
            after = self._timing.hastened(work, case) or case
        after = replace(after, updated_at=work.now, version=case.version + 1)
        action = BEGUN if switch.in_force else OVER
        detail = {"mode": switch.mode, "due_at": after.due_at, "priority": after.priority.value}
        entry = HistoryEntry(work.now, SYSTEM, action, case.state, case.state, detail=detail)
        update_case(work.connection, after, entry)
        work.changed(after.site, "case", after.id, after.version)

    def _touches(self, switch: Switch, mode: Mode, case: Case) -> bool:
        category = self._catalogue.categories.get(case.category)
        building = self._registry.building_of(case)
        return (
            category is not None
            and case.opened_at <= (switch.ended_at or switch.until)
            and switch.covers(self._org.areas_of(case.site, building))
            and mode.change_of(category) is not None
        )

    def _areas(self, site: str) -> set[str]:
        buildings = self._registry.buildings(site)
        return {*buildings, *(f"@{one.id}" for one in self._org.parts_of(site, buildings))}

    def _mode(self, name: str) -> Mode:
        mode = self._modes.get(name)
        if mode is None:
            raise BadRequestError(f"no mode {name!r}", field="mode")
        return mode


def _id(work: Work, site: str, area: str) -> str:
    """The same time of an area has the same id however often it is worked out."""
    text = f"{site}|{area}|{count_switches(work.connection, site, area)}"
    return hashlib.sha256(f"mode|{text}".encode()).hexdigest()[:32]

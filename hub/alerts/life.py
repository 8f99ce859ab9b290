"""What a finding, a person, or time does to an alert."""

from collections.abc import Iterable
from dataclasses import replace

from hub.alerts.model import (
    ACTIVE_STATES,
    OPEN_STATES,
    WAITING_STATES,
    Alert,
    AlertState,
    alert_id,
)
from hub.alerts.table import NEVER_LIFE_SAFETY, STATE_NAMES, TRANSITIONS, AlertEvent
from hub.config import AlarmType, Priority
from hub.errors import NotAllowedError
from hub.rules.contract import Finding
from wire import Text

_HELD_ENDS = frozenset({AlertEvent.UNSHELVE, AlertEvent.PUT_BACK, AlertEvent.RETURN})


def current_of(open_alerts: Iterable[Alert], finding: Finding) -> Alert | None:
    """The alert that a finding speaks of, among the open ones of its (site, device, condition).

    A finding in late data speaks of the newest late alert, any other of the one whose condition
    is there, or else of the newest that is not late.
    """
    same = [alert for alert in open_alerts if alert.late == finding.late]
    return max(same, key=lambda one: (one.state in ACTIVE_STATES, one.occurrence), default=None)


def step(
    current: Alert | None,
    last_occurrence: int,
    finding: Finding,
    *,
    alarm: AlarmType,
    site: str,
    now: int,
    entry: AlertEvent = AlertEvent.BEGIN,
) -> Alert | None:
    """The alert as the finding leaves it: new, changed, or None when nothing changes.

    current: what `current_of` chose. last_occurrence: the highest occurrence of this (site,
    device, condition) so far, open or closed; 0 when there was none. entry: how it begins, see
    `hub.alerts.entry`.
    """
    if not finding.active:
        return _end(current, finding, now=now)
    if current is not None and current.state in ACTIVE_STATES:
        return absorbed(current, finding) if current.chattering else _with_detail(current, finding)
    if _resumes(current, finding, alarm, entry) and current is not None:
        resumed = apply(current, AlertEvent.RESUME, now=now, at=finding.at)
        return replace(resumed, detail={**current.detail, **finding.detail})
    late = finding.late or now - finding.at > alarm.late_after_s * 1000
    if late and current is not None and current.late and current.at == finding.at:
        return _with_detail(current, finding)
    entry = AlertEvent.BEGIN_LATE if late else entry
    return _open(last_occurrence + 1, finding, entry, alarm=alarm, site=site, now=now)


def apply(
    alert: Alert, event: AlertEvent, *, now: int, at: int | None = None, actor: str | None = None
) -> Alert:
    """The alert after an event that happened at `at` (ms; `now` unless said).

    Raises NotAllowedError when the table has no such transition, or a P0 would fall silent.
    """
    if alert.latching and event in _LATCHING and (alert.state, _LATCHING[event]) in TRANSITIONS:
        event = _LATCHING[event]
    state = TRANSITIONS.get((alert.state, event))
    if state is None or (alert.priority is Priority.P0 and event in NEVER_LIFE_SAFETY):
        raise NotAllowedError(refusal(alert.state))
    changed = replace(alert, state=state, version=alert.version + 1)
    if event in {AlertEvent.ACKNOWLEDGE, AlertEvent.ACKNOWLEDGE_LATCHING}:
        changed = replace(changed, acknowledged_at=now, acknowledged_by=actor)
    elif event in {AlertEvent.RETURN, AlertEvent.RETURN_LATCHING}:
        changed = replace(changed, returned_at=now if at is None else at)
    elif event is AlertEvent.RELEASE:
        changed = replace(changed, due_at=None)
    elif event is AlertEvent.RESUME:
        changed = replace(changed, returned_at=None, acknowledged_at=None, acknowledged_by=None)
    if event in _HELD_ENDS:
        changed = replace(changed, held_until=None)
    if state not in WAITING_STATES:
        changed = replace(changed, due_at=None)
    if state is AlertState.NORMAL:
        changed = replace(changed, closed_at=now)
    return changed


def absorbed(alert: Alert, finding: Finding) -> Alert:
    """A chattering alert after one more turn: nobody is told, so its version stays."""
    if finding.active:
        again = alert.returned_at is not None
        return replace(alert, returned_at=None, repeats=alert.repeats + again)
    return replace(alert, returned_at=finding.at)


def begin_chatter(alert: Alert, now: int) -> Alert:
    """From now on its coming and going is counted, not told."""
    return replace(alert, chattering_at=now, version=alert.version + 1)


def end_chatter(alert: Alert, now: int) -> Alert:
    """It is calm again; when its condition was gone by then, it returns with that."""
    calm = replace(alert, chattering_at=None, version=alert.version + 1)
    if calm.returned_at is None or calm.state not in ACTIVE_STATES:
        return calm
    return apply(calm, AlertEvent.RETURN, now=now, at=calm.returned_at)


def attach_case(alert: Alert, case: str) -> Alert:
    """The alert with the case that it became. Raises NotAllowedError when it has one already."""
    if alert.case is not None:
        raise NotAllowedError(HAS_CASE)
    return replace(alert, case=case, version=alert.version + 1)


HAS_CASE = Text(zh="该警报已转为案件", en="The alert has a case already")

_LATCHING = {
    AlertEvent.RETURN: AlertEvent.RETURN_LATCHING,
    AlertEvent.ACKNOWLEDGE: AlertEvent.ACKNOWLEDGE_LATCHING,
}


def refusal(state: AlertState) -> Text:
    """Why something cannot be done in this state."""
    name = STATE_NAMES[state]
    return Text(
        zh=f"警报处于“{name.zh}”状态，不能这样操作",
        en=f"Not possible while the alert is: {name.en.lower()}",
    )


def _open(
    occurrence: int, finding: Finding, entry: AlertEvent, *, alarm: AlarmType, site: str, now: int
) -> Alert:
    if alarm.priority is Priority.P0 and entry in NEVER_LIFE_SAFETY:
        raise ValueError("a P0 never begins in silence")
    return Alert(
        id=alert_id(site, finding.device, finding.condition, occurrence),
        site=site,
        device=finding.device,
        condition=finding.condition,
        occurrence=occurrence,
        priority=alarm.priority,
        state=TRANSITIONS[None, entry],
        at=finding.at,
        received_at=now,
        late=entry is AlertEvent.BEGIN_LATE,
        latching=alarm.latching,
        detail=dict(finding.detail),
    )


def _end(current: Alert | None, finding: Finding, *, now: int) -> Alert | None:
    if current is None or finding.at < current.at:  # the end of something older is not its end
        return None
    if current.chattering and current.state in ACTIVE_STATES:
        return absorbed(current, finding) if current.returned_at is None else None
    # What was said while the condition lasted stays: people read what the alarm was about. Its
    # end only adds what could not be known before, such as how a session came out.
    known = {name: value for name, value in current.detail.items() if value is not None}
    detail = {**finding.detail, **known}
    if current.state in ACTIVE_STATES:
        ended = apply(current, AlertEvent.RETURN, now=now, at=finding.at)
        return replace(ended, detail=detail)
    if current.late and current.returned_at is None:
        return replace(current, returned_at=finding.at, detail=detail, version=current.version + 1)
    return None


def _with_detail(current: Alert, finding: Finding) -> Alert | None:
    detail = {**current.detail, **finding.detail}
    if detail == current.detail:
        return None
    return replace(current, detail=detail, version=current.version + 1)


def _resumes(current: Alert | None, finding: Finding, alarm: AlarmType, entry: AlertEvent) -> bool:
    if current is None or finding.late or entry is not AlertEvent.BEGIN:
        return False
    if current.state not in OPEN_STATES or current.returned_at is None:
        return False
    if current.late or current.at > finding.at:
        # Data from before a crash is judged after it: what began earlier is one of its own.
        return False
    if current.state is AlertState.LATCHED:
        return True
    return finding.at <= current.returned_at + alarm.session_s * 1000

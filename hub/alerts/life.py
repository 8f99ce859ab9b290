"""What a finding, or a person, does to an alert."""

from collections.abc import Iterable
from dataclasses import replace

from hub.alerts.action import AllowedAction
from hub.alerts.model import ACTIVE_STATES, OPEN_STATES, Alert, AlertState, alert_id
from hub.alerts.table import STATE_NAMES, TRANSITIONS, AlertEvent
from hub.config import AlarmType
from hub.errors import NotAllowedError
from hub.rules.contract import Finding
from wire import Text

ACKNOWLEDGE = Text(zh="确认", en="Acknowledge")
OPEN_CASE = Text(zh="转为案件", en="Open a case")


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
) -> Alert | None:
    """The alert as the finding leaves it: new, changed, or None when nothing changes.

    current: what `current_of` chose. last_occurrence: the highest occurrence of this (site,
    device, condition) so far, open or closed; 0 when there was none.
    """
    if finding.active:
        return _begin(current, last_occurrence, finding, alarm=alarm, site=site, now=now)
    return _end(current, finding, now=now)


def apply(
    alert: Alert, event: AlertEvent, *, now: int, at: int | None = None, actor: str | None = None
) -> Alert:
    """The alert after an event that happened at `at` (ms; `now` unless said).

    Raises NotAllowedError when the table has no such transition.
    """
    state = TRANSITIONS.get((alert.state, event))
    if state is None:
        raise NotAllowedError(_refusal(alert.state))
    changed = replace(alert, state=state, version=alert.version + 1)
    if event is AlertEvent.ACKNOWLEDGE:
        changed = replace(changed, acknowledged_at=now, acknowledged_by=actor)
    elif event is AlertEvent.RETURN:
        changed = replace(changed, returned_at=now if at is None else at)
    elif event is AlertEvent.RESUME:
        changed = replace(changed, returned_at=None)
    return replace(changed, closed_at=now) if state is AlertState.NORMAL else changed


def attach_case(alert: Alert, case: str) -> Alert:
    """The alert with the case that it became. Raises NotAllowedError when it has one already."""
    if alert.case is not None:
        raise NotAllowedError(_HAS_CASE)
    return replace(alert, case=case, version=alert.version + 1)


def allowed(alert: Alert) -> tuple[AllowedAction, ...]:
    """What a person may do to the alert; every role from guard on may do all of it."""
    can_acknowledge = (alert.state, AlertEvent.ACKNOWLEDGE) in TRANSITIONS
    has_case = alert.case is not None
    return (
        AllowedAction(
            "acknowledge",
            ACKNOWLEDGE,
            can_acknowledge,
            None if can_acknowledge else _refusal(alert.state),
        ),
        AllowedAction("open-case", OPEN_CASE, not has_case, _HAS_CASE if has_case else None),
    )


_HAS_CASE = Text(zh="该警报已转为案件", en="The alert has a case already")


def _refusal(state: AlertState) -> Text:
    name = STATE_NAMES[state]
    return Text(
        zh=f"警报处于“{name.zh}”状态，不能这样操作",
        en=f"Not possible while the alert is: {name.en.lower()}",
    )


def _begin(
    current: Alert | None,
    last_occurrence: int,
    finding: Finding,
    *,
    alarm: AlarmType,
    site: str,
    now: int,
) -> Alert | None:
    if current is not None and current.state in ACTIVE_STATES:
        return _with_detail(current, finding)
    if current is not None and not finding.late and _same_session(current, finding, alarm):
        resumed = apply(current, AlertEvent.RESUME, now=now, at=finding.at)
        return replace(resumed, detail={**current.detail, **finding.detail})
    late = finding.late or now - finding.at > alarm.late_after_s * 1000
    if late and current is not None and current.late and current.at == finding.at:
        return _with_detail(current, finding)
    return _open(last_occurrence + 1, finding, late=late, alarm=alarm, site=site, now=now)


def _open(
    occurrence: int, finding: Finding, *, late: bool, alarm: AlarmType, site: str, now: int
) -> Alert:
    event = AlertEvent.BEGIN_LATE if late else AlertEvent.BEGIN
    return Alert(
        id=alert_id(site, finding.device, finding.condition, occurrence),
        site=site,
        device=finding.device,
        condition=finding.condition,
        occurrence=occurrence,
        priority=alarm.priority,
        state=TRANSITIONS[None, event],
        at=finding.at,
        received_at=now,
        late=late,
        detail=dict(finding.detail),
    )


def _end(current: Alert | None, finding: Finding, *, now: int) -> Alert | None:
    if current is None or finding.at < current.at:  # the end of something older is not its end
        return None
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


def _same_session(current: Alert, finding: Finding, alarm: AlarmType) -> bool:
    if current.state not in OPEN_STATES or current.returned_at is None:
        return False
    # Data from before a crash is judged after it: what began earlier is an occurrence of its own.
    return current.at <= finding.at <= current.returned_at + alarm.session_s * 1000

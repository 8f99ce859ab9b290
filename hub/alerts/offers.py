"""What a person may do to an alert, and why not."""

from hub.alerts.action import AllowedAction, Need
from hub.alerts.holds import shelving_refused
from hub.alerts.life import HAS_CASE, refusal
from hub.alerts.model import Alert, AlertState
from hub.alerts.table import TRANSITIONS, AlertEvent
from hub.config import Role
from wire import Text

ACKNOWLEDGE = Text(zh="确认", en="Acknowledge")
OPEN_CASE = Text(zh="转为案件", en="Open a case")
NOTE = Text(zh="备注", en="Note")
RESET = Text(zh="复位", en="Reset")
SHELVE = Text(zh="搁置", en="Shelve")
UNSHELVE = Text(zh="取消搁置", en="Unshelve")


def allowed(alert: Alert, role: Role = Role.GUARD) -> tuple[AllowedAction, ...]:
    """What this role may do to the alert; what is impossible now says why.

    `reset` and `unshelve` are only offered where they mean something.
    """
    offers = [_step(alert, AlertEvent.ACKNOWLEDGE, "acknowledge", ACKNOWLEDGE)]
    if alert.latching or alert.state is AlertState.LATCHED:
        offers.append(_step(alert, AlertEvent.RESET, "reset", RESET))
    has_case = alert.case is not None
    offers.append(
        AllowedAction("open-case", OPEN_CASE, not has_case, HAS_CASE if has_case else None)
    )
    open_ = alert.state is not AlertState.NORMAL
    offers.append(
        AllowedAction("note", NOTE, open_, None if open_ else refusal(alert.state), (Need.NOTE,))
    )
    if alert.state is AlertState.SHELVED:
        offers.append(_step(alert, AlertEvent.UNSHELVE, "unshelve", UNSHELVE))
    else:
        offers.append(_shelve(alert, role))
    return tuple(offers)


def _step(alert: Alert, event: AlertEvent, name: str, text: Text) -> AllowedAction:
    possible = (alert.state, event) in TRANSITIONS
    return AllowedAction(name, text, possible, None if possible else refusal(alert.state))


def _shelve(alert: Alert, role: Role) -> AllowedAction:
    why = shelving_refused(alert.priority, role)
    if why is None and (alert.state, AlertEvent.SHELVE) not in TRANSITIONS:
        why = refusal(alert.state)
    return AllowedAction("shelve", SHELVE, why is None, why, (Need.UNTIL, Need.NOTE))

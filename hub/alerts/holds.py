"""Shelving and taking out of service: an alarm that is kept silent, by whom, why and until when.

Both have an end and a reason, always. A P0 cannot be shelved. Out of service takes two people, a
permit and a substitute measure (ISA-18.2-2016, 11: suppression), and stays on the list.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from hub.config import Priority, Role
from hub.errors import BadRequestError, NotAllowedError
from wire import Text

SHELF_MAX_MS: Final = 12 * 3_600_000
"""One shift: whoever takes over must decide again."""

SERVICE_MAX_MS: Final = 30 * 24 * 3_600_000
"""Longer than that the alarm is no longer an alarm, and belongs taken out of the configuration."""


class HoldKind(StrEnum):
    """Why an alarm is silent."""

    SHELF = "shelf"
    SERVICE = "service"


class HoldState(StrEnum):
    """How a hold stands."""

    REQUESTED = "requested"  # waits for the second person
    ACTIVE = "active"
    ENDED = "ended"
    REFUSED = "refused"


OPEN_HOLDS: Final = frozenset({HoldState.REQUESTED, HoldState.ACTIVE})


class HoldEvent(StrEnum):
    """What happens to a hold."""

    APPROVE = "approve"
    REFUSE = "refuse"
    END = "end"


HOLD_TRANSITIONS: Final[dict[tuple[HoldState, HoldEvent], HoldState]] = {
    (HoldState.REQUESTED, HoldEvent.APPROVE): HoldState.ACTIVE,
    (HoldState.REQUESTED, HoldEvent.REFUSE): HoldState.REFUSED,
    (HoldState.REQUESTED, HoldEvent.END): HoldState.ENDED,  # taken back
    (HoldState.ACTIVE, HoldEvent.END): HoldState.ENDED,
}


@dataclass(frozen=True, slots=True)
class Hold:
    """One alarm (site, device, condition) kept silent.

    until: ms, hub clock. permit: the number of the work permit; substitute: what watches instead.
    approved_by: the second person; for a shelf nobody. ended_by: None when its time ran out.
    """

    id: str
    site: str
    device: str
    condition: str
    kind: HoldKind
    state: HoldState
    reason: str
    until: int
    requested_by: str
    requested_at: int
    permit: str | None = None
    substitute: str | None = None
    approved_by: str | None = None
    approved_at: int | None = None
    ended_by: str | None = None
    ended_at: int | None = None


def shelf(hold: Hold, *, priority: Priority, role: Role, now: int) -> Hold:
    """A shelf, begun. Raises NotAllowedError or BadRequestError."""
    refusal = shelving_refused(priority, role)
    if refusal is not None:
        raise NotAllowedError(refusal)
    _check_text(hold.reason, "note")
    _check_until(hold.until, now, SHELF_MAX_MS)
    return replace(hold, kind=HoldKind.SHELF, state=HoldState.ACTIVE)


def service(hold: Hold, *, role: Role, now: int) -> Hold:
    """A request to take an alarm out of service. Raises NotAllowedError or BadRequestError."""
    if not role.at_least(Role.SUPERVISOR):
        raise NotAllowedError(_SUPERVISOR)
    _check_text(hold.reason, "reason")
    _check_text(hold.permit, "permit")
    _check_text(hold.substitute, "substitute")
    _check_until(hold.until, now, SERVICE_MAX_MS)
    return replace(hold, kind=HoldKind.SERVICE, state=HoldState.REQUESTED)


def step_hold(hold: Hold, event: HoldEvent, *, actor: str | None, role: Role, now: int) -> Hold:
    """The hold after an event; actor is None for time itself. Raises NotAllowedError."""
    refusal = hold_refused(hold, event, actor=actor, role=role, now=now)
    if refusal is not None:
        raise NotAllowedError(refusal)
    state = HOLD_TRANSITIONS[hold.state, event]
    if event is HoldEvent.APPROVE:
        return replace(hold, state=state, approved_by=actor, approved_at=now)
    return replace(hold, state=state, ended_by=actor, ended_at=now)


def hold_refused(
    hold: Hold, event: HoldEvent, *, actor: str | None, role: Role, now: int
) -> Text | None:
    """Why this person may not do this to the hold now; None when they may."""
    if (hold.state, event) not in HOLD_TRANSITIONS:
        return Text(zh="当前状态不能这样操作", en="Not possible as it stands now")
    if event is not HoldEvent.END and not role.at_least(Role.SUPERVISOR):
        return _SUPERVISOR
    if (
        event is HoldEvent.END
        and hold.state is HoldState.REQUESTED
        and actor not in (None, hold.requested_by)
    ):
        return Text(zh="只有申请人可以撤回", en="Only whoever asked for it may take it back")
    if event is HoldEvent.APPROVE and actor == hold.requested_by:
        return Text(
            zh="须由另一人批准", en="Somebody other than who asked for it has to approve it"
        )
    if event is HoldEvent.APPROVE and now >= hold.until:
        return Text(zh="申请的结束时间已过", en="The end that was asked for has passed")
    return None


def shelving_refused(priority: Priority, role: Role) -> Text | None:
    """Why an alarm of this priority may not be shelved by this role; None when it may."""
    if priority is Priority.P0:
        return Text(zh="生命安全警报不能搁置", en="A life-safety alarm cannot be shelved")
    if priority is Priority.P1 and not role.at_least(Role.SUPERVISOR):
        return Text(zh="一级警报须由主管搁置", en="Shelving a P1 takes a supervisor")
    return None


_SUPERVISOR: Final = Text(zh="需要值班主管权限", en="This takes a supervisor")


def _check_text(text: str | None, field: str) -> None:
    if text is None or not text.strip():
        raise BadRequestError("is needed", field=field)


def _check_until(until: int, now: int, longest: int) -> None:
    if until <= now:
        raise BadRequestError("lies in the past", field="until")
    if until > now + longest:
        hours = longest // 3_600_000
        raise BadRequestError(f"is more than {hours} h from now", field="until")

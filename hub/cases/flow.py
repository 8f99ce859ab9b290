"""What people may do to a case, and what it is afterwards."""

from dataclasses import replace

from hub.alerts import Alert, AllowedAction, Need
from hub.cases.model import (
    SYSTEM,
    Case,
    CaseSource,
    CaseState,
    HistoryEntry,
    case_id_of_alert,
)
from hub.cases.resolution import RESOLUTIONS
from hub.cases.table import ACTIONS, DONE_STATES, START, STATE_NAMES, TRANSITIONS, ActionSpec
from hub.config import ROLE_NAMES, AlarmType, Category, Role
from hub.errors import BadRequestError, NotAllowedError
from wire import Text

MAX_NOTE = 2000
"""The longest note, in characters."""

MAX_RATING = 5


def open_from_alert(
    alert: Alert,
    *,
    alarm: AlarmType,
    category: Category,
    number: str,
    now: int,
    place: Text | None = None,
    actor: str = SYSTEM,
) -> tuple[Case, HistoryEntry]:
    """The case that an alert becomes, by itself (`SYSTEM`) or because a person said so."""
    case = Case(
        id=case_id_of_alert(alert.id),
        site=alert.site,
        number=number,
        category=category.id,
        title=alarm.name,
        priority=alert.priority,
        state=START,
        opened_at=now,
        updated_at=now,
        device=alert.device,
        place=place,
        alert=alert.id,
        source=CaseSource.ALARM,
    )
    return case, HistoryEntry(now, actor, "discover", None, START, detail={"alert": alert.id})


def open_by_hand(  # noqa: PLR0913 - a case's fields, all by name
    *,
    case_id: str,
    site: str,
    category: Category,
    title: Text,
    number: str,
    now: int,
    actor: str,
    note: str,
    device: str | None = None,
    place: Text | None = None,
    source: CaseSource = CaseSource.PERSON,
) -> tuple[Case, HistoryEntry]:
    """The case that somebody reports. Raises BadRequestError: `category`, `title`, `note`."""
    if not category.manual:
        raise BadRequestError("is opened by alerts only", field="category")
    if not title.zh.strip() or not title.en.strip():
        raise BadRequestError("is empty", field="title")
    case = Case(
        id=case_id,
        site=site,
        number=number,
        category=category.id,
        title=title,
        priority=category.priority,
        state=START,
        opened_at=now,
        updated_at=now,
        device=device,
        place=place,
        source=source,
    )
    return case, HistoryEntry(now, actor, "discover", None, START, note=_checked_note(note))


def allowed(case: Case, role: Role) -> tuple[AllowedAction, ...]:
    """Every action of the table, each with whether, or why not, this role may do it now."""
    return tuple(_offer(case, spec, role) for spec in ACTIONS.values())


def apply(  # noqa: PLR0913 - what a person may give, all by name
    case: Case,
    action: str,
    *,
    actor: str,
    role: Role,
    now: int,
    note: str | None = None,
    assignee: str | None = None,
    resolution: str | None = None,
    rating: int | None = None,
) -> tuple[Case, HistoryEntry]:
    """The case after an action, and the line that this adds to its history.

    Raises NotAllowedError when state or role forbid it, BadRequestError when the action does not
    exist, or one of what it needs is missing or wrong.
    """
    spec = ACTIONS.get(action)
    if spec is None:
        raise BadRequestError(f"no action {action!r}", field="action")
    refusal = _why_not(case, spec, role)
    if refusal is not None:
        raise NotAllowedError(refusal)
    given = _checked(spec, note, assignee, resolution, rating)
    to_state = TRANSITIONS[case.state, action]
    changed = _effect(case, spec, to_state, actor=actor, now=now, given=given)
    detail = {need.value: value for need, value in given.items() if need is not Need.NOTE}
    text = given.get(Need.NOTE)
    entry = HistoryEntry(
        now, actor, action, case.state, to_state, None if text is None else str(text), detail
    )
    return changed, entry


def _offer(case: Case, spec: ActionSpec, role: Role) -> AllowedAction:
    refusal = _why_not(case, spec, role)
    return AllowedAction(spec.id, spec.name, refusal is None, refusal, spec.needs)


def _why_not(case: Case, spec: ActionSpec, role: Role) -> Text | None:
    if (case.state, spec.id) not in TRANSITIONS:
        state = STATE_NAMES[case.state]
        return Text(
            zh=f"案件处于“{state.zh}”阶段，不能{spec.name.zh}",
            en=f"Not possible at the step: {state.en.lower()}",
        )
    if not role.at_least(spec.role):
        least = ROLE_NAMES[spec.role]
        return Text(zh=f"需要{least.zh}及以上权限", en=f"Takes at least a {least.en}")
    if spec.id == "supervise" and case.supervised:
        return Text(zh="案件已在督办中", en="The case is under supervision already")
    return None


def _checked(
    spec: ActionSpec,
    note: str | None,
    assignee: str | None,
    resolution: str | None,
    rating: int | None,
) -> dict[Need, str | int]:
    """What was given, by need; whatever the action does not ask for is left out, but a note."""
    given: dict[Need, str | int] = {}
    if note is not None and note.strip():
        given[Need.NOTE] = _checked_note(note)
    if Need.ASSIGNEE in spec.needs and assignee:
        given[Need.ASSIGNEE] = assignee
    if Need.RESOLUTION in spec.needs and resolution:
        if resolution not in RESOLUTIONS:
            raise BadRequestError(f"no resolution {resolution!r}", field="resolution")
        given[Need.RESOLUTION] = resolution
    if Need.RATING in spec.needs and rating is not None:
        if not 1 <= rating <= MAX_RATING:
            raise BadRequestError(f"is not within 1..{MAX_RATING}", field="rating")
        given[Need.RATING] = rating
    for need in spec.needs:
        if need not in given:
            raise BadRequestError("is needed for this action", field=need.value)
    return given


def _checked_note(note: str) -> str:
    if not note.strip():
        raise BadRequestError("is empty", field="note")
    if len(note) > MAX_NOTE:
        raise BadRequestError(f"is longer than {MAX_NOTE} characters", field="note")
    return note.strip()


def _effect(
    case: Case,
    spec: ActionSpec,
    to_state: CaseState,
    *,
    actor: str,
    now: int,
    given: dict[Need, str | int],
) -> Case:
    changed = replace(case, state=to_state, updated_at=now, version=case.version + 1)
    if Need.ASSIGNEE in given:
        changed = replace(changed, assignee=str(given[Need.ASSIGNEE]))
    if Need.RESOLUTION in given:
        changed = replace(changed, resolution=str(given[Need.RESOLUTION]))
    if Need.RATING in given:
        changed = replace(changed, rating=int(given[Need.RATING]))
    if spec.id == "take" or (spec.id == "start" and case.assignee is None):
        changed = replace(changed, assignee=actor)
    if spec.id == "send-back":
        changed = replace(changed, assignee=None)
    if spec.id == "supervise":
        changed = replace(changed, supervised=True)
    if to_state in DONE_STATES and case.state not in DONE_STATES:
        return replace(changed, closed_at=now, supervised=False)
    if spec.id == "reopen":
        return replace(changed, closed_at=None, resolution=None, rating=None, assignee=None)
    return changed

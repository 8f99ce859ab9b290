"""What people may do to a case, and what it is afterwards."""

from typing import Any

from hub.alerts import AllowedAction, Need
from hub.cases.effects import changed, shown_at
from hub.cases.given import Given, checked
from hub.cases.model import Case, HistoryEntry
from hub.cases.refusals import Who, helpers_waited_for, photos_open, standard_open, why_not
from hub.cases.resolution import RESOLUTIONS
from hub.cases.table import ACTIONS, ActionSpec
from hub.cases.terms import Terms
from hub.config import Role
from hub.errors import BadRequestError, NotAllowedError
from wire import Text


def allowed(
    case: Case, role: Role, terms: Terms, actor: str = "", department: str | None = None
) -> tuple[AllowedAction, ...]:
    """Every action of the table, each with whether, or why not, this person may do it now.

    department: whose people they are, of the catalogue; None for the estate's own.
    """
    who = Who(actor, role, department)
    return tuple(_offer(case, spec, terms, who) for spec in ACTIONS.values())


def apply(
    case: Case,
    action: str,
    *,
    actor: str,
    role: Role,
    now: int,
    terms: Terms,
    given: Given | None = None,
    department: str | None = None,
) -> tuple[Case, HistoryEntry]:
    """The case after an action, and the line that this adds to its history.

    Raises NotAllowedError when state, role or the case itself forbid it, BadRequestError when the
    action does not exist, or one of what it needs is missing or wrong.
    """
    spec = ACTIONS.get(action)
    if spec is None:
        raise BadRequestError(f"no action {action!r}", field="action")
    refusal = why_not(case, spec, terms, Who(actor, role, department))
    if refusal is not None:
        raise NotAllowedError(refusal)
    found = checked(case, spec, given or Given(), terms)
    if action == "report-part" and department not in {None, case.department, found.department}:
        raise BadRequestError("is not your department", field="department")
    if action == "report":
        _check_helpers(case, found, terms)
    after = changed(case, action, found, terms=terms, actor=actor, now=now)
    refusal = _unfinished(after, action, found, terms)
    if refusal is not None:
        raise NotAllowedError(refusal)
    detail = _detail(case, after, action, found, terms)
    return after, HistoryEntry(now, actor, action, case.state, after.state, found.note, detail)


def _offer(case: Case, spec: ActionSpec, terms: Terms, who: Who) -> AllowedAction:
    refusal = why_not(case, spec, terms, who)
    takes = tuple(
        one for one in spec.takes if one is not Need.WITHOUT or helpers_waited_for(case, terms)
    )
    return AllowedAction(spec.id, spec.name, refusal is None, refusal, spec.needs, takes)


def _unfinished(after: Case, action: str, given: Given, terms: Terms) -> Text | None:
    """What still stands in the way of saying that it is done; what came with the step counts."""
    if action == "report":
        return photos_open(after, given.resolution, terms)
    if action == "close-directly":
        return standard_open(after, given.resolution, terms)
    return None


def _check_helpers(case: Case, given: Given, terms: Terms) -> None:
    """A joint case is reported once all helpers have, or the lead says why not.

    Where nothing had to be done, nobody's part is missing.
    """
    missing = helpers_waited_for(case, terms)
    known = RESOLUTIONS[given.resolution or ""]
    if missing is not None and known.standard and given.without is None:
        raise BadRequestError(f"say why it goes on without them. {missing.en}", field="without")


def _detail(before: Case, after: Case, action: str, given: Given, terms: Terms) -> dict[str, Any]:
    """What the line says beside its note. The words of a ticked line are kept as they stood."""
    told: dict[str, Any] = {
        need.value: value
        for need in Need
        if need is not Need.NOTE and (value := getattr(given, need.value, None)) is not None
    }
    if given.helpers is not None:
        told["helpers"] = list(given.helpers)
    if given.item is not None and (item := terms.item(given.item)) is not None:
        told["words"] = item.text.model_dump()
    if action in {"dispatch", "take"} and after.parties != before.parties:
        told["helpers"] = [one.department for one in after.parties if not one.lead]
    if action == "dispatch":
        told["department"] = after.department
    if action == "dispatch-direct" and after.watcher is not None:
        told["watcher"] = after.watcher
    if action == "dispute":
        told |= {"department": before.department, "rule": terms.category.dispute.value}
    if action == "report" and given.without is not None:
        told["missing"] = list(before.waited_for)
    if given.photos and terms.pictured:
        told["shows"] = (given.shows or shown_at(before, action)).value
    return told

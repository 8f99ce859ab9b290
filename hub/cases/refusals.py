"""Why an action on a case is not allowed, said to the person who would like to take it.

The table of transitions and the least role come first; here also stands what depends on the case
itself. None means that it may be done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

from hub.cases.concern import outside
from hub.cases.model import Case, CaseState
from hub.cases.resolution import RESOLUTIONS
from hub.cases.table import ACTIONS, STATE_NAMES, TRANSITIONS, ActionSpec
from hub.cases.terms import Terms
from hub.config import ROLE_NAMES, Role
from hub.config.standard import SIDE_NAMES, Side
from wire import Text


@dataclass(frozen=True, slots=True)
class Who:
    """The person that acts. department: whose people they are; None for the estate's own."""

    name: str
    role: Role
    department: str | None = None


Rule = Callable[[Case, Terms, str], Text | None]
"""Of a case, its terms and the name of the person."""


def why_not(case: Case, spec: ActionSpec, terms: Terms, who: Who) -> Text | None:
    """Why this person may not do it now."""
    refusal = _by_table(case.state, spec.id, who.role)
    if refusal is None:
        refusal = outside(case, spec, terms, who.department)
    if refusal is not None:
        return refusal
    rule = _RULES.get(spec.id)
    return None if rule is None else rule(case, terms, who.name)


@cache
def _by_table(state: CaseState, action: str, role: Role) -> Text | None:
    """What holds for every case at a step: a few hundred texts, asked for with every case shown."""
    spec = ACTIONS[action]
    if (state, action) not in TRANSITIONS:
        name = STATE_NAMES[state]
        return Text(
            zh=f"案件处于“{name.zh}”阶段，不能{spec.name.zh}",
            en=f"Not possible at the step: {name.en.lower()}",
        )
    if not role.at_least(spec.role):
        least = ROLE_NAMES[spec.role]
        return Text(zh=f"需要{least.zh}及以上权限", en=f"Takes at least a {least.en}")
    return None


def standard_open(case: Case, resolution: str | None, terms: Terms) -> Text | None:
    """Which lines of the closing standard still stand in the way of closing with a resolution."""
    known = RESOLUTIONS.get(resolution or "")
    if known is not None and not known.standard:
        return None
    return _open_items(case, terms)


def _open_items(case: Case, terms: Terms) -> Text | None:
    missing = terms.open_items(case)
    if not missing:
        return None
    words = [one.text for one in missing if not one.photos]
    lacking = [_lacking(terms.photos_missing(case))] if terms.photos_missing(case) else []
    return Text(
        zh="结案标准尚未核对：" + "；".join(one.zh.rstrip("。") for one in [*words, *lacking]),
        en="The closing standard is not met yet: " + " ".join(one.en for one in [*words, *lacking]),
    )


def photos_open(case: Case, resolution: str | None, terms: Terms) -> Text | None:
    """Which photos are missing to say that something was put right."""
    known = RESOLUTIONS.get(resolution or "")
    missing = terms.photos_missing(case)
    if not missing or (known is not None and not known.standard):
        return None
    return _lacking(missing)


def _lacking(sides: tuple[Side, ...]) -> Text:
    names = [SIDE_NAMES[side] for side in sides]
    return Text(
        zh="缺少" + "、".join(one.zh for one in names) + "。",
        en="Missing: " + " and ".join(one.en for one in names) + ".",
    )


def helpers_waited_for(case: Case, terms: Terms) -> Text | None:
    """Which helpers of a joint case have not reported."""
    names = [terms.name(one) for one in case.waited_for]
    if not names:
        return None
    return Text(
        zh="协同部门尚未反馈：" + "、".join(one.zh for one in names),
        en="Helpers that have not reported: " + ", ".join(one.en for one in names),
    )


def _close(case: Case, terms: Terms, _actor: str) -> Text | None:
    return standard_open(case, case.resolution, terms)


def _supervise(case: Case, _terms: Terms, _actor: str) -> Text | None:
    if case.supervised:
        return Text(zh="案件已在督办中", en="The case is under supervision already")
    return None


def _undisputed(case: Case, _terms: Terms, _actor: str) -> Text | None:
    if case.disputed_by is None:
        return None
    return Text(
        zh="权责有争议，先由上级定责",
        en="Whose it is is disputed, and is decided first",
    )


def _settle(case: Case, _terms: Terms, actor: str) -> Text | None:
    if case.disputed_by is None:
        return Text(zh="没有权责争议", en="Nobody disputes whose it is")
    if case.disputed_by == actor:
        return Text(
            zh="提出争议的人不能自己定责",
            en="Whoever disputes it does not decide it as well",
        )
    return None


def _direct(case: Case, terms: Terms, actor: str) -> Text | None:
    if not terms.category.direct:
        return Text(
            zh="本类案件须经部门派遣，不能直派维保单位",
            en="Cases of this kind go through the department that leads",
        )
    return _undisputed(case, terms, actor)


def _report_part(case: Case, _terms: Terms, _actor: str) -> Text | None:
    if not case.parties:
        return Text(zh="本案没有协同部门", en="Nobody helps in this case")
    if not case.waited_for:
        return Text(zh="协同部门均已反馈", en="All helpers have reported")
    return None


def _tick(case: Case, terms: Terms, _actor: str) -> Text | None:
    ticked = {one.item for one in case.ticks}
    if all(one.photos or one.id in ticked for one in terms.category.standard):
        return Text(zh="结案标准已全部核对", en="All of the standard is ticked")
    return None


def _untick(case: Case, _terms: Terms, _actor: str) -> Text | None:
    return None if case.ticks else Text(zh="还没有核对过", en="Nothing is ticked")


_RULES: Final[dict[str, Rule]] = {
    "close": _close,
    "supervise": _supervise,
    "dispatch": _undisputed,
    "take": _undisputed,
    "settle": _settle,
    "dispatch-direct": _direct,
    "report-part": _report_part,
    "tick": _tick,
    "untick": _untick,
}

"""What an allowed action makes of a case, beyond its next state."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from hub.cases.given import Given
from hub.cases.model import Case, CaseState, Party, Tick
from hub.cases.table import DONE_STATES, TRANSITIONS
from hub.cases.terms import Terms
from hub.config.standard import Side
from hub.errors import BadRequestError


def changed(case: Case, action: str, given: Given, *, terms: Terms, actor: str, now: int) -> Case:
    """The case after the action. Raises BadRequestError when what was given does not fit it."""
    after = replace(
        case, state=TRANSITIONS[case.state, action], updated_at=now, version=case.version + 1
    )
    if given.assignee is not None:
        after = replace(after, assignee=given.assignee)
    if given.resolution is not None:
        after = replace(after, resolution=given.resolution)
    if given.rating is not None:
        after = replace(after, rating=given.rating)
    effect = _EFFECTS.get(action)
    if effect is not None:
        after = effect(after, given, terms, actor, now)
    after = pictured(after, given.photos, given.shows or shown_at(case, action))
    if after.state in DONE_STATES and case.state not in DONE_STATES:
        return replace(after, closed_at=now, supervised=False, disputed_by=None)
    return after


def shown_at(case: Case, action: str) -> Side:
    """What photos show that come with a step: how it was left, from the report on."""
    reported = action in {"report", "close", "close-directly"} or case.state is CaseState.VERIFYING
    return Side.AFTER if reported else Side.BEFORE


def pictured(case: Case, photos: int, side: Side) -> Case:
    """The case with more photos."""
    if side is Side.BEFORE:
        return replace(case, photos_before=case.photos_before + photos)
    return replace(case, photos_after=case.photos_after + photos)


def _take(case: Case, _given: Given, terms: Terms, actor: str, _now: int) -> Case:
    lead = case.department or terms.category.lead
    return replace(case, assignee=actor, parties=_parties(case, lead, (), terms))


def _start(case: Case, _given: Given, _terms: Terms, actor: str, _now: int) -> Case:
    return case if case.assignee is not None else replace(case, assignee=actor)


def _dispatch(case: Case, given: Given, terms: Terms, _actor: str, _now: int) -> Case:
    """To a department, and with it whoever of it was named."""
    lead = given.department or terms.category.lead
    return replace(
        case,
        department=lead,
        watcher=None,
        assignee=given.assignee,
        disputed_by=None,
        parties=_parties(case, lead, given.helpers or (), terms),
    )


def _dispatch_direct(case: Case, given: Given, terms: Terms, actor: str, now: int) -> Case:
    chosen = terms.departments[given.department or ""]
    if not chosen.contractor:
        raise BadRequestError("is not a contractor", field="department")
    watcher = None if chosen.id == terms.category.lead else terms.category.lead
    return replace(_dispatch(case, given, terms, actor, now), watcher=watcher)


def _give_back(case: Case, _given: Given, _terms: Terms, _actor: str, _now: int) -> Case:
    return replace(case, assignee=None, department=None, watcher=None)


def _dispute(case: Case, _given: Given, _terms: Terms, actor: str, _now: int) -> Case:
    """The department stays on it until another one is decided upon: it is the one in dispute."""
    return replace(case, assignee=None, disputed_by=actor)


def _call_in(case: Case, given: Given, terms: Terms, _actor: str, _now: int) -> Case:
    lead = case.department or terms.category.lead
    known = {one.department for one in case.parties} | {lead}
    if known >= set(given.helpers or ()):
        raise BadRequestError("is on the case already", field="helpers")
    return replace(case, parties=_parties(case, lead, given.helpers or (), terms))


def _report_part(case: Case, given: Given, _terms: Terms, actor: str, now: int) -> Case:
    if given.department not in case.waited_for:
        raise BadRequestError("is not a helper that has yet to report its part", field="department")
    parties = tuple(
        replace(one, reported_at=now, reported_by=actor, note=given.note)
        if one.department == given.department
        else one
        for one in case.parties
    )
    return replace(case, parties=parties)


def _tick(case: Case, given: Given, terms: Terms, actor: str, now: int) -> Case:
    item = terms.item(given.item or "")
    if item is not None and item.photos:
        raise BadRequestError("is true once its photos are there; bring those", field="item")
    if any(one.item == given.item for one in case.ticks):
        raise BadRequestError("is ticked already", field="item")
    return replace(case, ticks=(*case.ticks, Tick(given.item or "", now, actor)))


def _untick(case: Case, given: Given, _terms: Terms, _actor: str, _now: int) -> Case:
    kept = tuple(one for one in case.ticks if one.item != given.item)
    if len(kept) == len(case.ticks):
        raise BadRequestError("is not ticked", field="item")
    return replace(case, ticks=kept)


def _supervise(case: Case, _given: Given, _terms: Terms, _actor: str, _now: int) -> Case:
    return replace(case, supervised=True)


def _assess(case: Case, _given: Given, _terms: Terms, _actor: str, _now: int) -> Case:
    """Where its reporter has rated it already, nothing is left to come."""
    return case if case.rating is None else replace(case, state=CaseState.RATED)


def _reopen(case: Case, _given: Given, _terms: Terms, _actor: str, _now: int) -> Case:
    """It starts afresh: what was true when it was closed need not be true now."""
    return replace(
        case,
        closed_at=None,
        resolution=None,
        rating=None,
        assignee=None,
        department=None,
        watcher=None,
        parties=(),
        ticks=(),
        photos_before=0,
        photos_after=0,
    )


def _merge(case: Case, given: Given, _terms: Terms, _actor: str, _now: int) -> Case:
    return replace(case, merged_into=given.case, resolution="duplicate")


def _unmerge(case: Case, _given: Given, _terms: Terms, _actor: str, _now: int) -> Case:
    return replace(case, merged_into=None, resolution=None, closed_at=None)


def _parties(case: Case, lead: str, more: tuple[str, ...], terms: Terms) -> tuple[Party, ...]:
    """Who handles it together under a lead; nobody where one department does it alone.

    Whoever helped before goes on, with what was reported.
    """
    helpers = [one for one in case.parties if not one.lead]
    if not helpers and terms.joint:
        helpers = [Party(name, lead=False) for name in terms.category.helpers]
    known = {one.department for one in helpers}
    helpers += [Party(name, lead=False) for name in more if name not in known]
    helpers = [one for one in helpers if one.department != lead]
    return (Party(lead, lead=True), *helpers) if helpers else ()


_EFFECTS: Final[dict[str, Callable[[Case, Given, Terms, str, int], Case]]] = {
    "take": _take,
    "start": _start,
    "dispatch": _dispatch,
    "dispatch-direct": _dispatch_direct,
    "redispatch": _dispatch,
    "settle": _dispatch,
    "send-back": _give_back,
    "dispute": _dispute,
    "call-in": _call_in,
    "report-part": _report_part,
    "tick": _tick,
    "untick": _untick,
    "supervise": _supervise,
    "assess": _assess,
    "reopen": _reopen,
    "merge": _merge,
    "unmerge": _unmerge,
}

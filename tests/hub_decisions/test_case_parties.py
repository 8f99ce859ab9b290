"""The closing standard, whose a case is, and what several departments do together."""

from dataclasses import replace

import pytest

from hub.alerts import Need
from hub.cases import CaseState, allowed
from hub.config import Role
from hub.config.standard import Side
from hub.errors import BadRequestError, NotAllowedError
from tests.hub_decisions.case_kit import CASE, ITEMS, RULES, T0, act, pictured, ticked, walk

JOINT = replace(CASE, category="fire-water")


def offer(case, action, *, role=Role.SUPERVISOR, actor="wang"):
    return next(one for one in allowed(case, role, RULES.of(case), actor) if one.id == action)


def test_a_case_is_closed_once_every_line_of_its_standard_is_ticked():
    case, _ = walk(CASE, "take", "report")
    for item in ITEMS:
        refusal = offer(case, "close").why
        words = RULES.of(case).item(item)
        assert words.zh.rstrip("。") in refusal.zh
        assert words.en in refusal.en
        with pytest.raises(NotAllowedError):
            act(case, "close")
        case, entry = act(case, "tick", item=item, actor="li", role=Role.GUARD, now=T0 + 5)
        assert entry.detail["words"]["zh"] == words.zh
    assert [(one.by, one.at) for one in case.ticks] == [("li", T0 + 5)] * len(ITEMS)
    assert act(case, "close")[0].state is CaseState.CLOSED


def test_a_tick_that_is_taken_back_holds_the_case_up_again():
    case, _ = walk(CASE, "take", "report")
    case = ticked(case)
    case, _ = act(case, "untick", item=ITEMS[0])
    assert not offer(case, "close").allowed


@pytest.mark.parametrize(
    ("resolution", "closes"), [("false-alarm", True), ("duplicate", True), ("repaired", False)]
)
def test_where_nothing_was_put_right_nothing_has_to_be_ticked(resolution, closes):
    case = pictured(walk(CASE, "take")[0])
    given = {"resolution": resolution, "note": "a drill of the neighbours"}
    reported, _ = act(case, "report", **given)
    assert offer(reported, "close").allowed == closes
    if closes:
        assert act(case, "close-directly", **given)[0].state is CaseState.CLOSED
    else:
        with pytest.raises(NotAllowedError, match="standard is not met"):
            act(case, "close-directly", **given)


def test_an_optional_line_holds_nothing_up():
    terms = RULES.of(CASE)
    first, *rest = terms.category.standard
    loose = (first.model_copy(update={"optional": True}), *rest)
    terms = replace(terms, category=terms.category.model_copy(update={"standard": loose}))
    assert [one.id for one in terms.open_items(pictured(CASE))] == ITEMS[1:]


def test_a_second_dispatch_changes_who_has_it():
    case, _ = walk(CASE, "accept", "dispatch", "start")
    case, entry = act(
        case, "redispatch", department="device-maintenance", assignee="chen", note="a fitter"
    )
    assert (case.state, case.department, case.assignee) == (
        CaseState.DISPATCHED,
        "device-maintenance",
        "chen",
    )
    assert entry.detail == {"department": "device-maintenance", "assignee": "chen"}


def test_what_is_sent_back_belongs_to_nobody():
    case, _ = walk(CASE, "accept", "dispatch", "send-back")
    assert (case.state, case.department, case.assignee) == (CaseState.ACCEPTED, None, None)


def test_a_grid_officer_sends_it_straight_to_a_contractor_and_the_department_watches():
    case, entry = act(CASE, "dispatch-direct", role=Role.GUARD, department="device-maintenance")
    assert (case.state, case.department, case.watcher) == (
        CaseState.DISPATCHED,
        "device-maintenance",
        "property",
    )
    assert entry.detail["watcher"] == "property"
    assert "须经部门派遣" in offer(JOINT, "dispatch-direct", role=Role.GUARD).why.zh


def test_a_dispute_is_decided_by_somebody_else_before_anything_goes_on():
    case, _ = walk(CASE, "accept", "dispatch")
    case, entry = act(case, "dispute", actor="li", role=Role.GUARD, note="a matter of the street")
    assert (case.state, case.department, case.disputed_by) == (
        CaseState.ACCEPTED,
        "property",
        "li",
    )
    assert entry.detail == {"department": "property", "rule": "by-law"}
    for action in ("dispatch", "take", "dispatch-direct"):
        assert "先由上级定责" in offer(case, action).why.zh
    assert "不能自己定责" in offer(case, "settle", actor="li").why.zh
    case, _ = act(case, "settle", department="street", note="by the rules of the street")
    assert (case.state, case.department, case.disputed_by) == (
        CaseState.DISPATCHED,
        "street",
        None,
    )
    assert offer(case, "settle").why is not None


@pytest.mark.parametrize("begun", [("take",), ("accept", "dispatch", "start")])
def test_a_joint_case_goes_on_once_every_helper_has_reported(begun):
    case, _ = walk(JOINT, *begun)
    assert case.waited_for == ("fire-service", "water-company")
    assert offer(case, "report").takes == (Need.WITHOUT,)
    with pytest.raises(BadRequestError, match=r"Fire service, Water company") as refused:
        act(case, "report", resolution="resolved", note="pressure is back")
    assert refused.value.field == "without"
    for helper in case.waited_for:
        case, _ = act(case, "report-part", department=helper, note="valve opened", actor="li")
    assert [(one.reported_by, one.note) for one in case.parties if not one.lead] == [
        ("li", "valve opened")
    ] * 2
    assert offer(case, "report").takes == ()
    assert "均已反馈" in offer(case, "report-part").why.zh
    assert act(case, "report", resolution="resolved", note="x")[0].state is CaseState.VERIFYING


def test_the_lead_may_say_why_it_goes_on_without_a_helper():
    case, _ = walk(JOINT, "accept", "dispatch", "start")
    case, _ = act(case, "report-part", department="water-company", note="valve opened")
    case, entry = act(
        case, "report", resolution="resolved", note="done", without="they were called off"
    )
    assert case.state is CaseState.VERIFYING
    assert (entry.detail["without"], entry.detail["missing"]) == (
        "they were called off",
        ["fire-service"],
    )


def test_a_false_alarm_waits_for_no_helper():
    case, _ = walk(JOINT, "take")
    assert act(case, "report", resolution="false-alarm", note="x")[0].state is CaseState.VERIFYING


def test_helpers_are_called_in_where_one_department_is_not_enough():
    case, _ = walk(CASE, "accept", "dispatch", "start")
    assert case.parties == ()
    case, entry = act(case, "call-in", helpers=("police", "street"))
    assert [(one.department, one.lead) for one in case.parties] == [
        ("property", True),
        ("police", False),
        ("street", False),
    ]
    assert entry.detail == {"helpers": ["police", "street"]}
    with pytest.raises(BadRequestError, match="on the case already"):
        act(case, "call-in", helpers=("police",))


def test_another_lead_keeps_the_helpers_and_what_they_reported():
    case, _ = walk(JOINT, "accept", "dispatch", "start")
    case, _ = act(case, "report-part", department="fire-service", note="safe")
    case, _ = act(case, "redispatch", department="water-company", note="their main burst")
    assert [(one.department, one.lead, one.note) for one in case.parties] == [
        ("water-company", True, None),
        ("fire-service", False, "safe"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "given", "lacks"),
    [
        (0, 0, {}, ("before", "after")),
        (1, 0, {}, ("after",)),
        (0, 0, {"photos": 1}, ("before",)),  # with the report comes how it was left
        (0, 1, {"photos": 2, "shows": Side.BEFORE}, ()),
        (1, 0, {"photos": 1}, ()),
        (0, 0, {"resolution": "false-alarm"}, ()),  # nothing was put right
    ],
)
def test_a_case_is_not_reported_done_without_the_photos_that_its_standard_asks_for(
    before, after, given, lacks
):
    handled = replace(walk(CASE, "take")[0], photos_before=before, photos_after=after)
    asked = {"resolution": "repaired", "note": "done"} | given
    for action in ("report", "close-directly"):
        case = handled
        for item in ITEMS:
            case, _ = act(case, "tick", item=item)
        if lacks:
            with pytest.raises(NotAllowedError) as told:
                act(case, action, **asked)
            assert [one for one in ("before", "after") if f"photo {one}" in told.value.why.en] == [
                *lacks
            ]
        else:
            assert act(case, action, **asked)[0].state is not CaseState.HANDLING


def test_photos_count_from_when_they_came_until_the_case_is_opened_again():
    line = next(one for one in RULES.of(CASE).category.standard if one.photos)
    case, _ = act(CASE, "take", photos=1)
    with pytest.raises(BadRequestError, match="photos"):
        act(case, "tick", item=line.id)
    case, entry = act(case, "report", resolution="repaired", note="done", photos=2)
    assert (case.photos_before, case.photos_after, entry.detail["shows"]) == (1, 2, "after")
    for item in ITEMS:
        case, _ = act(case, "tick", item=item)
    case, _ = act(case, "close")
    case, _ = act(case, "reopen", note="again")
    assert (case.photos_before, case.photos_after) == (0, 0)
    lost = replace(walk(CASE, "take", "report")[0], photos_after=0)
    assert "处置后照片" in offer(lost, "close").why.zh

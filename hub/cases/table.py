"""The closed loop of a case as one table: state and action to the next state.

发现 ▸ 受理 ▸ 派遣 ▸ 处置 ▸ 核查 ▸ 结案 ▸ 考核 ▸ 评价, with rejection, return, dispute, reopening,
second dispatch, supervision and merging. A key that is not in the table is refused. At night a
guard is often alone, so a guard may take a case straight from the list, handle it and report;
closing takes a second look by a supervisor, who may also close without the detour when all is
plain.
"""

from dataclasses import dataclass
from typing import Final

from hub.alerts import Need
from hub.cases.model import CaseState as S
from hub.config import Role
from wire import Text


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action: its name, the least role that may do it, what it asks for and what it takes."""

    id: str
    name: Text
    role: Role
    needs: tuple[Need, ...] = ()
    takes: tuple[Need, ...] = ()


BULK: Final = frozenset(
    {
        "accept",
        "take",
        "dispatch",
        "dispatch-direct",
        "start",
        "send-back",
        "redispatch",
        "supervise",
        "close",
        "assess",
        "reject",
        "comment",
    }
)
"""What may be said of many cases in one breath; what takes photos, ticks or a finding may not."""

_NOTE, _ASSIGNEE, _RESOLUTION = Need.NOTE, Need.ASSIGNEE, Need.RESOLUTION
_DEPARTMENT, _HELPERS, _ITEM, _CASE = Need.DEPARTMENT, Need.HELPERS, Need.ITEM, Need.CASE
_GUARD, _SUPERVISOR = Role.GUARD, Role.SUPERVISOR

ACTIONS: dict[str, ActionSpec] = {
    spec.id: spec
    for spec in (
        ActionSpec("accept", Text(zh="受理", en="Accept"), _GUARD),
        ActionSpec("take", Text(zh="我来处置", en="Take it myself"), _GUARD),
        ActionSpec("reject", Text(zh="不予受理", en="Reject"), _SUPERVISOR, (_NOTE,)),
        ActionSpec(
            "dispatch",
            Text(zh="派遣", en="Dispatch"),
            _SUPERVISOR,
            takes=(_DEPARTMENT, _HELPERS, _ASSIGNEE),
        ),
        ActionSpec(
            "dispatch-direct",
            Text(zh="直派维保单位", en="Send to a contractor"),
            _GUARD,
            (_DEPARTMENT,),
        ),
        ActionSpec("start", Text(zh="开始处置", en="Start handling"), _GUARD),
        ActionSpec("send-back", Text(zh="退回", en="Send back"), _GUARD, (_NOTE,)),
        ActionSpec("dispute", Text(zh="提出权责争议", en="Not ours"), _GUARD, (_NOTE,)),
        ActionSpec(
            "settle",
            Text(zh="定责派遣", en="Decide whose it is"),
            _SUPERVISOR,
            (_DEPARTMENT, _NOTE),
        ),
        ActionSpec(
            "redispatch",
            Text(zh="二次派单", en="Dispatch again"),
            _SUPERVISOR,
            (_DEPARTMENT, _NOTE),
            (_ASSIGNEE,),
        ),
        ActionSpec(
            "call-in", Text(zh="增派协同部门", en="Call in helpers"), _SUPERVISOR, (_HELPERS,)
        ),
        ActionSpec(
            "report-part",
            Text(zh="协同部门反馈", en="Report a helper's part"),
            _GUARD,
            (_DEPARTMENT, _NOTE),
        ),
        ActionSpec(
            "report",
            Text(zh="反馈结果", en="Report result"),
            _GUARD,
            (_RESOLUTION, _NOTE),
            (Need.WITHOUT,),
        ),
        ActionSpec("tick", Text(zh="核对结案标准", en="Tick the standard"), _GUARD, (_ITEM,)),
        ActionSpec("untick", Text(zh="撤销核对", en="Take a tick back"), _GUARD, (_ITEM,)),
        ActionSpec("rework", Text(zh="核查不通过", en="Not yet right"), _SUPERVISOR, (_NOTE,)),
        ActionSpec("close", Text(zh="核查结案", en="Verify and close"), _SUPERVISOR),
        ActionSpec(
            "close-directly",
            Text(zh="直接结案", en="Close directly"),
            _SUPERVISOR,
            (_RESOLUTION, _NOTE),
        ),
        ActionSpec("assess", Text(zh="考核", en="Assess"), _SUPERVISOR, (_NOTE,)),
        ActionSpec("rate", Text(zh="评价", en="Rate"), _SUPERVISOR, (Need.RATING,)),
        ActionSpec("reopen", Text(zh="重新打开", en="Reopen"), _SUPERVISOR, (_NOTE,)),
        ActionSpec("supervise", Text(zh="督办", en="Supervise"), _SUPERVISOR, (_NOTE,)),
        ActionSpec("merge", Text(zh="并入另一案件", en="Merge"), _SUPERVISOR, (_CASE,), (_NOTE,)),
        ActionSpec("unmerge", Text(zh="撤销并案", en="Undo the merger"), _SUPERVISOR, (_NOTE,)),
        ActionSpec("link", Text(zh="关联案件", en="Link a case"), _GUARD, (_CASE,), (_NOTE,)),
        ActionSpec("unlink", Text(zh="取消关联", en="Remove a link"), _GUARD, (_CASE,)),
        ActionSpec("comment", Text(zh="备注", en="Comment"), _GUARD, (_NOTE,)),
    )
}

_LOOP: dict[tuple[S, str], S] = {
    (S.DISCOVERED, "accept"): S.ACCEPTED,
    (S.DISCOVERED, "take"): S.HANDLING,
    (S.DISCOVERED, "reject"): S.REJECTED,
    (S.DISCOVERED, "dispatch-direct"): S.DISPATCHED,
    (S.ACCEPTED, "dispatch"): S.DISPATCHED,
    (S.ACCEPTED, "dispatch-direct"): S.DISPATCHED,
    (S.ACCEPTED, "settle"): S.DISPATCHED,
    (S.ACCEPTED, "take"): S.HANDLING,
    (S.ACCEPTED, "reject"): S.REJECTED,
    (S.ACCEPTED, "close-directly"): S.CLOSED,
    (S.DISPATCHED, "start"): S.HANDLING,
    (S.DISPATCHED, "send-back"): S.ACCEPTED,
    (S.DISPATCHED, "dispute"): S.ACCEPTED,
    (S.DISPATCHED, "redispatch"): S.DISPATCHED,
    (S.DISPATCHED, "close-directly"): S.CLOSED,
    (S.HANDLING, "report"): S.VERIFYING,
    (S.HANDLING, "send-back"): S.ACCEPTED,
    (S.HANDLING, "dispute"): S.ACCEPTED,
    (S.HANDLING, "redispatch"): S.DISPATCHED,
    (S.HANDLING, "close-directly"): S.CLOSED,
    (S.VERIFYING, "close"): S.CLOSED,
    (S.VERIFYING, "rework"): S.HANDLING,
    (S.VERIFYING, "redispatch"): S.DISPATCHED,
    (S.CLOSED, "assess"): S.ASSESSED,
    (S.CLOSED, "reopen"): S.ACCEPTED,
    (S.ASSESSED, "rate"): S.RATED,
    (S.ASSESSED, "reopen"): S.ACCEPTED,
    (S.RATED, "reopen"): S.ACCEPTED,
    (S.REJECTED, "reopen"): S.ACCEPTED,
    (S.MERGED, "unmerge"): S.ACCEPTED,
}

DONE_STATES = frozenset({S.CLOSED, S.ASSESSED, S.RATED, S.REJECTED, S.MERGED})
"""Nothing is left to do on the spot; everything else is an open case."""

_OPEN = tuple(state for state in S if state not in DONE_STATES)
_STAYING = {
    "tick": (S.ACCEPTED, S.DISPATCHED, S.HANDLING, S.VERIFYING),
    "untick": (S.ACCEPTED, S.DISPATCHED, S.HANDLING, S.VERIFYING),
    "call-in": (S.DISPATCHED, S.HANDLING),
    "report-part": (S.DISPATCHED, S.HANDLING, S.VERIFYING),
    "supervise": _OPEN,
    "link": tuple(S),
    "unlink": tuple(S),
    "comment": tuple(S),
}
"""What leaves a case at its step."""

TRANSITIONS: dict[tuple[S, str], S] = (
    _LOOP
    | {(state, "merge"): S.MERGED for state in _OPEN if state is not S.VERIFYING}
    | {(state, action): state for action, states in _STAYING.items() for state in states}
)

START = S.DISCOVERED

FINAL_STATES = frozenset({S.RATED, S.REJECTED, S.MERGED})
"""The ends of the loop."""

STATE_NAMES: dict[S, Text] = {
    S.DISCOVERED: Text(zh="发现", en="Discovered"),
    S.ACCEPTED: Text(zh="受理", en="Accepted"),
    S.DISPATCHED: Text(zh="派遣", en="Dispatched"),
    S.HANDLING: Text(zh="处置", en="Handling"),
    S.VERIFYING: Text(zh="核查", en="Verifying"),
    S.CLOSED: Text(zh="结案", en="Closed"),
    S.ASSESSED: Text(zh="考核", en="Assessed"),
    S.RATED: Text(zh="评价", en="Rated"),
    S.REJECTED: Text(zh="不予受理", en="Rejected"),
    S.MERGED: Text(zh="并案", en="Merged"),
}

"""The closed loop of a case as one table: state and action to the next state.

发现 ▸ 受理 ▸ 派遣 ▸ 处置 ▸ 核查 ▸ 结案 ▸ 考核 ▸ 评价, with rejection, return, reopening,
second dispatch and supervision. A key that is not in the table is refused. At night a guard is
often alone, so a guard may take a case straight from the list, handle it and report; closing
takes a second look by a supervisor, who may also close without the detour when all is plain.
"""

from dataclasses import dataclass

from hub.alerts import Need
from hub.cases.model import CaseState as S
from hub.config import Role
from wire import Text


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action: its name, the least role that may do it, and what it asks for."""

    id: str
    name: Text
    role: Role
    needs: tuple[Need, ...] = ()


_NOTE, _ASSIGNEE, _RESOLUTION = Need.NOTE, Need.ASSIGNEE, Need.RESOLUTION
_GUARD, _SUPERVISOR = Role.GUARD, Role.SUPERVISOR

ACTIONS: dict[str, ActionSpec] = {
    spec.id: spec
    for spec in (
        ActionSpec("accept", Text(zh="受理", en="Accept"), _GUARD),
        ActionSpec("take", Text(zh="我来处置", en="Take it myself"), _GUARD),
        ActionSpec("reject", Text(zh="不予受理", en="Reject"), _SUPERVISOR, (_NOTE,)),
        ActionSpec("dispatch", Text(zh="派遣", en="Dispatch"), _SUPERVISOR, (_ASSIGNEE,)),
        ActionSpec("start", Text(zh="开始处置", en="Start handling"), _GUARD),
        ActionSpec("send-back", Text(zh="退回", en="Send back"), _GUARD, (_NOTE,)),
        ActionSpec(
            "redispatch",
            Text(zh="二次派单", en="Dispatch again"),
            _SUPERVISOR,
            (_ASSIGNEE, _NOTE),
        ),
        ActionSpec("report", Text(zh="反馈结果", en="Report result"), _GUARD, (_RESOLUTION, _NOTE)),
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
        ActionSpec("comment", Text(zh="备注", en="Comment"), _GUARD, (_NOTE,)),
    )
}

TRANSITIONS: dict[tuple[S, str], S] = {
    (S.DISCOVERED, "accept"): S.ACCEPTED,
    (S.DISCOVERED, "take"): S.HANDLING,
    (S.DISCOVERED, "reject"): S.REJECTED,
    (S.DISCOVERED, "supervise"): S.DISCOVERED,
    (S.DISCOVERED, "comment"): S.DISCOVERED,
    (S.ACCEPTED, "dispatch"): S.DISPATCHED,
    (S.ACCEPTED, "take"): S.HANDLING,
    (S.ACCEPTED, "reject"): S.REJECTED,
    (S.ACCEPTED, "close-directly"): S.CLOSED,
    (S.ACCEPTED, "supervise"): S.ACCEPTED,
    (S.ACCEPTED, "comment"): S.ACCEPTED,
    (S.DISPATCHED, "start"): S.HANDLING,
    (S.DISPATCHED, "send-back"): S.ACCEPTED,
    (S.DISPATCHED, "redispatch"): S.DISPATCHED,
    (S.DISPATCHED, "close-directly"): S.CLOSED,
    (S.DISPATCHED, "supervise"): S.DISPATCHED,
    (S.DISPATCHED, "comment"): S.DISPATCHED,
    (S.HANDLING, "report"): S.VERIFYING,
    (S.HANDLING, "send-back"): S.ACCEPTED,
    (S.HANDLING, "redispatch"): S.DISPATCHED,
    (S.HANDLING, "close-directly"): S.CLOSED,
    (S.HANDLING, "supervise"): S.HANDLING,
    (S.HANDLING, "comment"): S.HANDLING,
    (S.VERIFYING, "close"): S.CLOSED,
    (S.VERIFYING, "rework"): S.HANDLING,
    (S.VERIFYING, "redispatch"): S.DISPATCHED,
    (S.VERIFYING, "supervise"): S.VERIFYING,
    (S.VERIFYING, "comment"): S.VERIFYING,
    (S.CLOSED, "assess"): S.ASSESSED,
    (S.CLOSED, "reopen"): S.ACCEPTED,
    (S.CLOSED, "comment"): S.CLOSED,
    (S.ASSESSED, "rate"): S.RATED,
    (S.ASSESSED, "reopen"): S.ACCEPTED,
    (S.ASSESSED, "comment"): S.ASSESSED,
    (S.RATED, "reopen"): S.ACCEPTED,
    (S.RATED, "comment"): S.RATED,
    (S.REJECTED, "reopen"): S.ACCEPTED,
    (S.REJECTED, "comment"): S.REJECTED,
}

START = S.DISCOVERED

DONE_STATES = frozenset({S.CLOSED, S.ASSESSED, S.RATED, S.REJECTED})
"""Nothing is left to do on the spot; everything else is an open case."""

FINAL_STATES = frozenset({S.RATED, S.REJECTED})
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
}

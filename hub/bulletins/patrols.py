"""How patrols were walked. Nothing here does I/O."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from hub.bulletins.figures import PatrolOf
from hub.patrols import Result, Round, RoundState


def walked(rounds: Iterable[Round]) -> list[PatrolOf]:
    """By plan, the most missed first; plans without a round that is over are left out."""
    by_plan: defaultdict[str, list[Round]] = defaultdict(list)
    for one in rounds:
        if one.ended_at is not None and one.state is not RoundState.LAPSED:
            by_plan[one.plan].append(one)
    found = [_of(plan, own) for plan, own in by_plan.items()]
    return sorted(found, key=lambda one: (-one.missed, -one.unseen, one.plan))


def _of(plan: str, rounds: Sequence[Round]) -> PatrolOf:
    due = [one for one in rounds if one.planned]
    return PatrolOf(
        plan=plan,
        name=rounds[-1].name,
        rounds=len(due),
        done=sum(one.state is RoundState.DONE for one in due),
        late=sum(one.state is RoundState.DONE and _late(one) for one in due),
        incomplete=sum(one.state is RoundState.INCOMPLETE for one in due),
        missed=sum(one.state is RoundState.MISSED for one in due),
        points=sum(len(one.points) for one in due),
        unseen=sum(len(one.unseen) for one in due),
        findings=sum(visit.result is Result.FINDING for one in rounds for visit in one.visits),
    )


def _late(one: Round) -> bool:
    return one.ended_at is not None and one.ended_at > one.late_at

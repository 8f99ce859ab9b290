"""The switch between peace and emergency (平急): who may turn it, until when, and what it raises.

A site, a building of it or a grid is in its normal mode unless somebody has switched it to another,
with a reason and an end. It goes back by itself. Nothing here touches a P0.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from hub.config import ROLE_NAMES, AlarmType, CaseChange, Category, Mode, Priority, Role
from hub.errors import BadRequestError, NotAllowedError
from wire import Text

WHOLE_SITE: Final = "*"
LONGEST_REASON: Final = 2000
SHORTEST_MS: Final = 60_000
_ORDER: Final = list(Priority)


@dataclass(frozen=True, slots=True)
class Switch:
    """One time that a mode was switched on.

    area: a building of the site, `@` and a unit of the organisation for its buildings, or `*` for
    all of it. until: ms; ended_at: when it really ended.
    ended_by: None where time ended it. over: what was said at its end.
    touched: the last open case that was told of its beginning, or of its end; None when all were.
    """

    id: str
    site: str
    area: str
    mode: str
    reason: str
    until: int
    begun_by: str
    begun_at: int
    ended_by: str | None = None
    ended_at: int | None = None
    over: str | None = None
    touched: str | None = None
    version: int = 1

    @property
    def in_force(self) -> bool:
        """It has not ended."""
        return self.ended_at is None

    def covers(self, areas: Collection[str]) -> bool:
        """Whether a place lies in its area; areas: see `Org.areas_of`."""
        return self.area == WHOLE_SITE or self.area in areas


def begin(switch: Switch, mode: Mode, *, role: Role, now: int) -> Switch:
    """The switch as it begins.

    Raises NotAllowedError, BadRequestError (`mode`, `until`, `reason`).
    """
    if mode.tone == "calm":
        raise BadRequestError("is normal already: end the mode in force instead", field="mode")
    check_may(mode, role)
    return replace(
        switch,
        reason=checked_reason(switch.reason),
        until=_checked_end(switch.until, mode, now),
        touched="",
    )


def prolong(switch: Switch, mode: Mode, *, until: int, role: Role, now: int) -> Switch:
    """The switch with a later, or an earlier, end. Raises as `begin`, and for one that is over."""
    check_may(mode, role)
    if not switch.in_force:
        raise NotAllowedError(OVER)
    return replace(switch, until=_checked_end(until, mode, now), version=switch.version + 1)


def end(switch: Switch, *, actor: str | None, over: str | None, now: int) -> Switch:
    """The switch at its end. actor: None for time itself. Raises NotAllowedError."""
    if not switch.in_force:
        raise NotAllowedError(OVER)
    return replace(
        switch,
        ended_by=actor,
        ended_at=now,
        over=over,
        touched="",
        version=switch.version + 1,
    )


def refused(mode: Mode, role: Role) -> Text | None:
    """Why this role may not turn the switch; None when it may."""
    if role.at_least(mode.role):
        return None
    least = ROLE_NAMES[mode.role]
    return Text(zh=f"需要{least.zh}及以上权限", en=f"Takes at least a {least.en}")


def check_may(mode: Mode, role: Role) -> None:
    """Raises NotAllowedError."""
    why = refused(mode, role)
    if why is not None:
        raise NotAllowedError(why)


def checked_reason(reason: str) -> str:
    """Raises BadRequestError."""
    if not reason.strip():
        raise BadRequestError("is needed", field="reason")
    if len(reason) > LONGEST_REASON:
        raise BadRequestError(f"is longer than {LONGEST_REASON} characters", field="reason")
    return reason.strip()


def alarm_in(modes: Iterable[Mode], alarm: AlarmType) -> AlarmType:
    """The alarm type while these modes are in force: of what they say, the most urgent."""
    if alarm.priority is Priority.P0:
        return alarm
    said = [mode.alarms[alarm.id] for mode in modes if alarm.id in mode.alarms]
    if not said:
        return alarm
    return alarm.model_copy(update={"priority": most_urgent(said)})


def change_in(modes: Iterable[Mode], category: Category) -> CaseChange | None:
    """What these modes change in such cases, together; None when nothing.

    The most urgent priority and the shortest time count; of the rest, what the mode with the
    shortest time says.
    """
    found = [one for mode in modes if (one := mode.change_of(category)) is not None]
    if not found:
        return None
    found.sort(key=lambda one: one.time)
    priorities = [one.priority for one in found if one.priority is not None]
    return CaseChange(
        priority=most_urgent(priorities) if priorities else None,
        time=found[0].time,
        hours=next((one.hours for one in found if one.hours is not None), None),
        level=next((one.level for one in found if one.level is not None), None),
        lead=next((one.lead for one in found if one.lead is not None), None),
        call=tuple(dict.fromkeys(post for one in found for post in one.call)),
    )


def most_urgent(priorities: Sequence[Priority]) -> Priority:
    """The first of them in the order of their urgency."""
    return min(priorities, key=_ORDER.index)


def _checked_end(until: int, mode: Mode, now: int) -> int:
    if until < now + SHORTEST_MS:
        raise BadRequestError("lies in the past", field="until")
    if until > now + mode.longest * 1000 + SHORTEST_MS:
        hours = mode.longest / 3600
        raise BadRequestError(f"is more than {hours:g} hours ahead", field="until")
    return until


OVER: Final = Text(zh="该模式已经结束", en="The mode is over already")

"""The discipline of looking at access traces: what is declared before, and how much is too much."""

from dataclasses import dataclass
from typing import Final

from hub.config.looks import Quota
from hub.errors import NotAllowedError
from wire import Text

MARK_DIGITS: Final = 12
"""Hex digits of a subject's hash by which people and the record speak of somebody: 48 bits tell a
site's credentials apart."""

MARKS_TOLD: Final = 100
"""Marks that one entry of the audit trail tells; the index of looks holds them all."""

DAY_MS: Final = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody declared before looking: what for, why, for which case.

    case: id. at, until: ms; from `until` on it has to be declared anew.
    """

    id: str
    site: str
    actor: str
    role: str
    purpose: str
    reason: str
    case: str | None
    at: int
    until: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What a person has looked at since the day began: different people asked for, and answers."""

    people: int
    pages: int

    def and_one(self, *, new: bool) -> "Tally":
        """With one answer more. new: it is about a person not asked for before."""
        return Tally(self.people + new, self.pages + 1)

    def over(self, quota: Quota) -> bool:
        """More than a day's work takes."""
        return self.people > quota.people or self.pages > quota.pages

    def refused(self, quota: Quota) -> bool:
        """So much more that it does not go on."""
        times = quota.refuse_at
        return self.people > times * quota.people or self.pages > times * quota.pages


class OverQuotaError(NotAllowedError):
    """Enough for one day."""

    code = "over-quota"

    def __init__(self) -> None:
        super().__init__(
            Text(
                zh="今天的查询已达到上限，请联系主管；明天可以继续。",
                en="You have looked at all that a day allows. Ask your supervisor, or go on"
                " tomorrow.",
            )
        )


def day_begin(now: int, utc_offset: float) -> int:
    """When the day of `now` began on the organisation's clock, ms. utc_offset: hours."""
    shift = round(utc_offset * 3_600_000)
    return (now + shift) // DAY_MS * DAY_MS - shift

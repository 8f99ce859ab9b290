"""How much comes in from one address and from all together; what is over is refused and counted."""

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
MOST_ADDRESSES: Final = 20_000
"""Addresses that are remembered; whoever has been away the longest is forgotten first."""

ALL: Final = "*"


@dataclass(slots=True)
class _Counted:
    hour: int = -1
    in_hour: int = 0
    day: int = -1
    in_day: int = 0


@dataclass(slots=True)
class Quota:
    """Requests of one kind. hourly, daily: of one address; all_hourly, all_daily: of all."""

    hourly: int
    daily: int
    all_hourly: int
    all_daily: int
    _seen: OrderedDict[str, _Counted] = field(default_factory=OrderedDict)

    def take(self, address: str, now: int) -> int:
        """Count a request; 0 when it may pass, else the seconds until it is worth another try.

        Addresses first: one that is over its own quota takes nothing of everybody's.
        """
        mine, every = self._counted(network_of(address), now), self._counted(ALL, now)
        wait = _wait(mine, self.hourly, self.daily, now)
        wait = wait or _wait(every, self.all_hourly, self.all_daily, now)
        if not wait:
            for one in (mine, every):
                one.in_hour += 1
                one.in_day += 1
        return wait

    def _counted(self, who: str, now: int) -> _Counted:
        one = self._seen.setdefault(who, _Counted())
        if who != ALL:
            self._seen.move_to_end(who)
        if len(self._seen) > MOST_ADDRESSES:
            self._seen.move_to_end(ALL)
            self._seen.popitem(last=False)
        if one.hour != now // HOUR_MS:
            one.hour, one.in_hour = now // HOUR_MS, 0
        if one.day != now // DAY_MS:
            one.day, one.in_day = now // DAY_MS, 0
        return one


@dataclass(slots=True)
class Quotas:
    """reports, photos, looks: each its own. refused: since it was last taken away."""

    reports: Quota
    photos: Quota
    looks: Quota
    refused: int = 0

    def take_refused(self) -> int:
        """How many were refused since the last time that somebody asked."""
        found, self.refused = self.refused, 0
        return found


def network_of(address: str) -> str:
    """Whom an address is counted as: IPv6 hands one household 2^64 of them."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _wait(one: _Counted, hourly: int, daily: int, now: int) -> int:
    if one.in_day >= daily:
        return ((one.day + 1) * DAY_MS - now) // 1000 + 1
    if one.in_hour >= hourly:
        return ((one.hour + 1) * HOUR_MS - now) // 1000 + 1
    return 0

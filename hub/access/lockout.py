"""How often a password may be tried."""

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from hub.access.errors import TooManyTriesError

WINDOW_S: Final = 60.0
TRIES_PER_WINDOW: Final = 10
"""At most so many tries per minute and account are looked at, whoever makes them."""

FREE_FAILURES: Final = 4
"""So many wrong passwords in a row cost one address nothing but the time."""

MAX_WAIT_S: Final = 300.0
"""The back-off doubles up to this."""

CODE_WINDOW_S: Final = 3600.0
WRONG_CODES: Final = 10
"""So many wrong second factors an hour, wherever they come from. Whoever guesses them knows the
password, and six digits are soon guessed: at this pace, with even odds, in two and a half years."""

MAX_TRACKED: Final = 10_000
"""Names and addresses remembered; beyond, the ones not seen for longest are forgotten."""

K = TypeVar("K")
V = TypeVar("V")


@dataclass(slots=True)
class _Tries:
    recent: deque[float] = field(default_factory=deque)


@dataclass(slots=True)
class _Failures:
    count: int = 0
    blocked_until: float = 0.0


class Lockout:
    """Counts tries by account, and failures in a row by (account, address).

    The back-off is per address, so that guessing from one place does not lock the account's owner
    out at another. Unknown names are counted like known ones. monotonic: real seconds.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._tries: OrderedDict[str, _Tries] = OrderedDict()
        self._failures: OrderedDict[tuple[str, str], _Failures] = OrderedDict()
        self._wrong_codes: OrderedDict[str, _Tries] = OrderedDict()

    def admit(self, name: str, address: str) -> None:
        """Count one try that is about to be looked at. Raises TooManyTriesError instead."""
        now = self._monotonic()
        blocked = self._failures.get((name, address))
        if blocked is not None and blocked.blocked_until > now:
            raise TooManyTriesError(blocked.blocked_until - now)
        recent = _entry(self._tries, name, _Tries).recent
        while recent and recent[0] <= now - WINDOW_S:
            recent.popleft()
        if len(recent) >= TRIES_PER_WINDOW:
            raise TooManyTriesError(recent[0] + WINDOW_S - now)
        recent.append(now)

    def failed(self, name: str, address: str) -> None:
        """The password was wrong: back off after a few in a row, 2 s doubling."""
        failures = _entry(self._failures, (name, address), _Failures)
        failures.count += 1
        beyond = failures.count - FREE_FAILURES
        if beyond > 0:
            wait = min(MAX_WAIT_S, 2.0 ** min(beyond, 16))
            failures.blocked_until = self._monotonic() + wait

    def admit_code(self, name: str) -> None:
        """A second factor is about to be looked at. Raises TooManyTriesError instead."""
        now, known = self._monotonic(), self._wrong_codes.get(name)
        if known is None:
            return
        while known.recent and known.recent[0] <= now - CODE_WINDOW_S:
            known.recent.popleft()
        if len(known.recent) >= WRONG_CODES:
            raise TooManyTriesError(known.recent[0] + CODE_WINDOW_S - now)

    def code_failed(self, name: str, address: str) -> None:
        """The second factor was wrong."""
        _entry(self._wrong_codes, name, _Tries).recent.append(self._monotonic())
        self.failed(name, address)

    def succeeded(self, name: str, address: str) -> None:
        """The password was right: forget the failures from this address."""
        self._failures.pop((name, address), None)


def _entry(table: OrderedDict[K, V], key: K, make: Callable[[], V]) -> V:
    """The entry of `key`, made if need be and moved to the recent end; keeps the table bounded."""
    if key not in table:
        table[key] = make()
        if len(table) > MAX_TRACKED:
            table.popitem(last=False)
    table.move_to_end(key)
    return table[key]

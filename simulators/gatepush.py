"""A controller's event memory: records wait here until the edge agent has them on its disk."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import aiohttp
import structlog

from wire import Clock

MEMORY = 10_000
"""Records that a controller keeps; the oldest is overwritten, as in a real one."""

BATCH = 100
OFFLINE_S = 5.0
"""A record that has waited longer is of the offline list, and says so when it is pushed."""

_TIMEOUT_S = 10.0
_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 8.0
_SETTLED = frozenset({200, 400})  # 400: what could be read is stored, and repeating does not help

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Target:
    """Where a controller pushes to, and the token that it shows."""

    url: str
    token: str


@dataclass(frozen=True, slots=True)
class Habit:
    """How a family of controllers pushes.

    path: the first level of its URLs. batch: records in one push.
    loses_answer: draws whether the next good answer is lost on its way, so that the controller
        pushes once more. offline_after: pushes that have to fail in a row before what waits is
        the offline list, and is pushed as `historical`; None for never.
    """

    path: str = "gate"
    batch: int = BATCH
    loses_answer: Callable[[], bool] = bool
    offline_after: int | None = None


class PushQueue:
    """Pushes records oldest first; a push that failed is repeated, with back-off.

    Real networks do not run faster in a simulation: the pauses are real seconds, but no longer
    than the same pause of simulated time where that runs faster.

    failures, repeats: pushes that failed, and those that were repeated though they had not.
    """

    def __init__(
        self,
        device: str,
        *,
        clock: Clock,
        session: aiohttp.ClientSession,
        habit: Habit | None = None,
    ) -> None:
        self.failures = 0
        self.repeats = 0
        self._habit = habit or Habit()
        self._device = device
        self._clock = clock
        self._session = session
        self._target: Target | None = None
        self._pending: deque[tuple[dict[str, Any], float]] = deque(maxlen=MEMORY)
        self._wake = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()

    def attach(self, target: Target) -> None:
        """Set, or change, the agent to push to."""
        self._target = target
        self._wake.set()

    def put(self, record: dict[str, Any]) -> None:
        """Keep a record until it is delivered."""
        self._pending.append((record, self._clock.monotonic()))
        self._empty.clear()
        self._wake.set()

    @property
    def waiting(self) -> int:
        """Records not yet delivered."""
        return len(self._pending)

    async def drained(self) -> None:
        """Wait until every record is delivered."""
        await self._empty.wait()

    async def run(self) -> None:
        """Deliver for ever."""
        pause_s, in_a_row = _FIRST_PAUSE_S, 0
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._target is not None and self._pending:
                if await self._push(self._target, self._batch()):
                    pause_s, in_a_row = _FIRST_PAUSE_S, 0
                    continue
                self.failures += 1
                in_a_row += 1
                if in_a_row == self._habit.offline_after:
                    self._shelve()
                await asyncio.sleep(min(pause_s, self._clock.real_seconds(pause_s)))
                pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

    def _batch(self) -> list[dict[str, Any]]:
        """The oldest records, as they are to be sent now."""
        since = self._clock.monotonic() - OFFLINE_S
        return [
            record if put_at >= since else record | {"historical": True}
            for record, put_at in islice(self._pending, self._habit.batch)
        ]

    def _shelve(self) -> None:
        """What could not be pushed in time becomes the offline list."""
        for record, _ in self._pending:
            record["historical"] = True

    async def _push(self, target: Target, records: list[dict[str, Any]]) -> bool:
        """One attempt; True when the records are off our hands."""
        try:
            async with self._session.post(
                f"{target.url.rstrip('/')}/{self._habit.path}/{self._device}/events",
                json={"records": records},
                headers={"Authorization": f"Bearer {target.token}"},
                timeout=aiohttp.ClientTimeout(total=_TIMEOUT_S),
            ) as answer:
                status = answer.status
                await answer.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            log.info("controller.push_failed", device=self._device, reason=type(error).__name__)
            return False
        if status not in _SETTLED:
            log.info("controller.push_refused", device=self._device, status=status)
            return False
        if status != 200:  # noqa: PLR2004 - HTTP OK
            log.warning("controller.records_rejected", device=self._device, records=len(records))
        if self._habit.loses_answer():
            self.repeats += 1
            return True  # it stays in the memory, and is pushed again at once
        sent = {record["record_id"] for record in records}
        while self._pending and self._pending[0][0]["record_id"] in sent:
            self._pending.popleft()
        if not self._pending:
            self._empty.set()
        return True

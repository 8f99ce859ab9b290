"""Makes weekly reports and monthly notices: by time, each once, and when somebody asks."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from hub.bulletins.compiling import Compiler
from hub.bulletins.figures import Kind
from hub.config import BulletinConfig
from hub.config.org.desks import Day
from hub.errors import UnavailableError
from hub.pipeline.writer import Priority, Writer
from hub.store.write.bulletins import Bulletin, has_bulletin, put_bulletin

log = structlog.get_logger(__name__)

KINDS: Final[tuple[Kind, ...]] = ("weekly", "monthly")


@dataclass(frozen=True, slots=True)
class Period:
    """What a bulletin is about, and when it is due; ms."""

    since: int
    until: int
    due_at: int


@dataclass(frozen=True, slots=True)
class BulletinMaker:
    """now: hub clock, ms.

    What is due is worked out from the clock and what is there, so a hub that was down makes the
    last one once, and none twice. A time without a case gets none.
    """

    compiler: Compiler
    config: BulletinConfig
    reader: Engine
    writer: Writer
    now: Callable[[], int]

    async def run(self, period_s: float) -> None:
        """Make what is due, until cancelled."""
        while True:
            try:
                await self.make_due()
            except (DBAPIError, UnavailableError) as error:
                log.warning("bulletins.store_unavailable", error=type(error).__name__)
            await asyncio.sleep(period_s)

    async def make_due(self) -> int:
        """Make what is due now; how many were made."""
        now, made = self.now(), 0
        for site in self.compiler.registry.sites:
            for kind in KINDS:
                period = self.last(kind, now)
                name = _name(site, kind, period.since)
                if not await asyncio.to_thread(self._is_there, name):
                    made += await self._make(site, kind, period, name=name, by=None) is not None
        return made

    async def make(self, site: str, kind: Kind, *, by: str) -> str:
        """Make one of the time that has not ended, up to now, for a person; its id."""
        now = self.now()
        begin = self._begin(kind, self.compiler.midnight(now))
        period = Period(self.compiler.moment(begin), now, now)
        name = hashlib.sha256(f"{site}|{kind}|{period.since}|{now}|{by}".encode()).hexdigest()[:32]
        await self._make(site, kind, period, name=name, by=by)
        return name

    def last(self, kind: Kind, now: int) -> Period:
        """The last week or month that was due by now."""
        begin = self._begin(kind, self.compiler.midnight(now))
        while True:
            before = self._begin(kind, begin - timedelta(days=1))
            period = self._period(before, begin)
            if period.due_at <= now:
                return period
            begin = before

    def _begin(self, kind: Kind, day: datetime) -> datetime:
        if kind == "weekly":
            return day - timedelta(days=(day.weekday() - list(Day).index(self.config.week)) % 7)
        return day.replace(day=1)

    def _period(self, begin: datetime, end: datetime) -> Period:
        due = end + timedelta(hours=self.config.hour)
        moment = self.compiler.moment
        return Period(moment(begin), moment(end), moment(due))

    def _is_there(self, name: str) -> bool:
        with self.reader.connect() as connection:
            return has_bulletin(connection, name)

    async def _make(
        self, site: str, kind: Kind, period: Period, *, name: str, by: str | None
    ) -> str | None:
        """None where there is nothing to tell, or it is there by now."""
        figures = await asyncio.to_thread(self._figures, site, period)
        if by is None and figures["score"]["opened"] == 0:
            return None
        one = Bulletin(
            id=name,
            site=site,
            kind=kind,
            since=period.since,
            until=period.until,
            made_at=self.now(),
            made_by=by,
            figures=figures,
        )

        def put(connection: Connection) -> bool:
            return put_bulletin(connection, one)

        if not await asyncio.wrap_future(self.writer.submit(Priority.HOUSEKEEPING, put)):
            return None
        log.info("bulletins.made", site=site, kind=kind, by_time=by is None)
        return name

    def _figures(self, site: str, period: Period) -> dict[str, Any]:
        with self.reader.connect() as connection, connection.begin():
            made = self.compiler.figures(connection, site, period.since, period.until)
        return made.model_dump(mode="json")


def _name(site: str, kind: Kind, since: int) -> str:
    return hashlib.sha256(f"bulletin|{site}|{kind}|{since}".encode()).hexdigest()[:32]

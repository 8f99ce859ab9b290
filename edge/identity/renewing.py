"""Renews the agent's certificate in the last third of its time, for as long as it takes."""

import asyncio
import datetime as dt
from collections.abc import Callable
from typing import Final

import structlog

from edge.backoff import Backoff
from edge.errors import ConfigError
from edge.identity.files import Identity
from edge.identity.getting import EnrolmentError, renew

log = structlog.get_logger()

LOOK_S: Final = 3600.0
FIRST_S: Final = 60.0
SHARE: Final = 3


class Renewing:
    """now: the agent's clock, ms. The link reads the files anew at each connection."""

    def __init__(self, identity: Identity, now: Callable[[], int]) -> None:
        self._identity = identity
        self._now = now

    def due(self) -> bool:
        """Whether the last third of the certificate's time has begun. Raises ConfigError."""
        present = self._identity.certificate()
        begins, ends = present.not_valid_before_utc, present.not_valid_after_utc
        now = dt.datetime.fromtimestamp(self._now() / 1000, dt.UTC)
        return (ends - now) * SHARE <= ends - begins

    async def run(self) -> None:
        """Look each hour, until cancelled; a hub that is away or refuses is asked again."""
        pause = Backoff(FIRST_S, LOOK_S)
        while True:
            try:
                if self.due():
                    self._identity = await renew(self._identity)
                    log.info("identity.renewed")
                pause.reset()
                await asyncio.sleep(LOOK_S)
            except (EnrolmentError, ConfigError, OSError) as error:
                log.warning("identity.not_renewed", why=str(error)[:200])
                await asyncio.sleep(pause.next())

"""Hears of other processes' commits (PostgreSQL's LISTEN), and never misses one for good."""

import random
import threading
from collections.abc import Callable
from typing import Any, Final, Self

import structlog
from sqlalchemy import URL

from hub.database.dialect import CHANNEL
from hub.database.postgres import ALWAYS

log = structlog.get_logger(__name__)

LOOK_S: Final = 1.0
RETRY_FROM_S: Final = 0.2
RETRY_TO_S: Final = 5.0


class Listener:
    """A context manager with a connection and a thread of its own.

    heard: told in that thread which site's feed has grown, and None whenever some may have been
        missed: at the start, and after each time that the server was away.
    """

    def __init__(self, url: URL, heard: Callable[[str | None], None]) -> None:
        # Everything in one text that is never shown: with options of the address come ours.
        plain = url.set(drivername="postgresql").update_query_dict(ALWAYS)
        self._conninfo = plain.render_as_string(hide_password=False)
        self._heard = heard
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hub-listen", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._thread.join()

    def _run(self) -> None:
        import psycopg  # noqa: PLC0415 - with the extra `postgres` only

        wait = RETRY_FROM_S
        while not self._closing.is_set():
            try:
                with psycopg.connect(self._conninfo, autocommit=True) as connection:
                    wait = RETRY_FROM_S
                    self._listen(connection)
            except psycopg.Error as error:
                log.warning("listen.lost", error=type(error).__name__)
                self._closing.wait(wait * random.uniform(0.5, 1.0))  # noqa: S311 - jitter
                wait = min(wait * 2, RETRY_TO_S)

    def _listen(self, connection: Any) -> None:
        connection.execute(f"LISTEN {CHANNEL}")
        self._heard(None)
        while not self._closing.is_set():
            for notification in connection.notifies(timeout=LOOK_S, stop_after=1):
                self._heard(notification.payload)

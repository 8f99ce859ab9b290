"""The sessions of a person: seen and ended, by themselves or by who manages their account."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from hub.access.audit import Act
from hub.access.authorise import authorise_account
from hub.access.roles import Actor
from hub.access.sessions import Session
from hub.api.desk import Desk
from hub.api.ended import EndedSessions
from hub.errors import NotFoundError
from hub.store.people import sessions, users
from hub.store.people.trail import append_act


@dataclass(frozen=True, slots=True)
class Sessions:
    """now: hub clock, ms. session_now: real time, ms, by which they end."""

    desk: Desk
    ended: EndedSessions
    now: Callable[[], int]
    session_now: Callable[[], int]

    async def of(self, name: str, *, by: Actor) -> list[Session]:
        """Those that are alive, the newest first. Raises ForbiddenError, NotFoundError."""
        now = self.session_now()

        def query(reader: Connection) -> list[Session]:
            _authorise(reader, name, by)
            return [one for one in sessions.sessions_of(reader, name) if one.alive(now)]

        return await self.desk.read(query)

    async def end(self, name: str, session: str | None, *, by: Actor) -> None:
        """End one, or all of them, and their streams. Raises ForbiddenError, NotFoundError."""

        def work(connection: Connection) -> list[str]:
            _authorise(connection, name, by)
            found = sessions.sessions_of(connection, name)
            keys = [one.key for one in found if session in (None, one.id)]
            if session is not None and not keys:
                raise NotFoundError("session", session)
            for key in keys:
                sessions.end_session(connection, key)
            act = Act(self.now(), by.name, "session.end", name, detail={"sessions": len(keys)})
            append_act(connection, act)
            return keys

        self.ended.announce(await self.desk.write(work))


def _authorise(reader: Connection, name: str, by: Actor) -> None:
    if name == by.name:
        return
    account = users.find_account(reader, name)
    if account is None:
        raise NotFoundError("user", name)
    authorise_account(by, role=account.role, sites=account.sites)

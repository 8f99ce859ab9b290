"""API tokens: made and ended by people, and whom a request with one stands for."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request
from sqlalchemy import Connection

from hub.access import machines as credentials
from hub.access import tokens as forms
from hub.access.audit import Act
from hub.access.authorise import authorise_account
from hub.access.errors import ForbiddenError, NotLoggedInError
from hub.access.permissions import GRANTS, Permission
from hub.access.roles import ALL_SITES, Actor
from hub.access.tokens import LONGEST_MS, MOST, NEVER, Token
from hub.api.desk import Desk
from hub.api.ended import EndedSessions
from hub.api.presence import Presence
from hub.api.visit import Visit
from hub.errors import BadRequestError, ConflictError, NotFoundError
from hub.store.people import tokens as rows
from hub.store.people import users
from hub.store.people.trail import append_act


@dataclass(frozen=True, slots=True)
class Tokens:
    """now: hub clock, ms. sites: ids that one may be given."""

    desk: Desk
    ended: EndedSessions
    presence: Presence
    sites: frozenset[str]
    now: Callable[[], int]

    async def check(self, request: Request) -> Visit | None:
        """Who asks, where a request shows a token; None where it shows none.

        Raises NotLoggedInError for one that is not known, or has ended.
        """
        header = request.headers.get("Authorization", "")
        if not header.startswith(forms.PREFIX):
            return None
        shown = forms.parse(header)
        if shown is not None:
            found = await self.desk.read(lambda reader: rows.find_tokens(reader, {shown[0]}))
            kept = found[0].secret_hash if found else None
            if credentials.opens(shown[1], kept):
                key = found[0].key
                actor = (await self.presence.check_all({key})).get(key)
                if actor is not None:
                    return Visit(actor, key, "")
        raise NotLoggedInError("this token is not known, or has ended")

    async def of(self, name: str) -> list[Token]:
        """A person's."""
        return await self.desk.read(lambda reader: rows.tokens_of(reader, name))

    async def of_user(self, name: str, *, by: Actor) -> list[Token]:
        """Somebody else's, for who manages their account. Raises ForbiddenError, NotFoundError."""
        await self._authorise(name, by)
        return await self.of(name)

    async def make(
        self,
        actor: Actor,
        name: str,
        *,
        permissions: frozenset[Permission],
        sites: frozenset[str],
        ends_at: int,
    ) -> tuple[Token, str]:
        """A new one, and its credential, which is told once.

        Raises BadRequestError, ForbiddenError for what the asking person may not do themselves,
        and ConflictError for one too many.
        """
        now = self.now()
        if actor.scope is not None:
            raise ForbiddenError("set up a second factor first", code="out-of-scope")
        if not now < ends_at <= now + LONGEST_MS:
            raise BadRequestError("must lie ahead, within 366 days", field="ends_at")
        if not sites or sites - self.sites - {ALL_SITES}:
            raise BadRequestError('must name known sites, or be ["*"]', field="sites")
        if not (ALL_SITES in actor.sites or (ALL_SITES not in sites and sites <= actor.sites)):
            raise ForbiddenError("this reaches beyond your own sites")
        for one in permissions:
            if one in NEVER or not actor.role.at_least(GRANTS[one].role):
                raise ForbiddenError(f"a token of yours cannot have {one.value}")
        secret = credentials.new_secret()
        token = Token(
            id=credentials.new_id(),
            owner=actor.name,
            name=name,
            permissions=permissions,
            sites=sites,
            secret_hash=credentials.hash_of(secret),
            created_at=now,
            ends_at=ends_at,
        )

        def work(connection: Connection) -> None:
            alive = [one for one in rows.tokens_of(connection, actor.name) if one.alive(now)]
            if len(alive) >= MOST:
                raise ConflictError(f"{MOST} tokens are the most", code="too-many-tokens")
            rows.add_token(connection, token)
            append_act(
                connection, Act(now, actor.name, "token.make", token.id, detail=_told(token))
            )

        await self.desk.write(work)
        return token, forms.shown(token.id, secret)

    async def end(self, owner: str, token: str, *, by: Actor) -> None:
        """Let it in no more, its open streams included. Raises ForbiddenError, NotFoundError."""
        if owner != by.name:
            await self._authorise(owner, by)
        now = self.now()

        def work(connection: Connection) -> list[str]:
            ended = rows.end_tokens(connection, owner, by=by.name, now=now, only=token)
            if not ended:
                raise NotFoundError("token", token)
            append_act(connection, Act(now, by.name, "token.end", token, detail={"owner": owner}))
            return ended

        await self.desk.write(work)
        self.ended.announce([forms.key_of(token)])

    async def _authorise(self, name: str, by: Actor) -> None:
        account = await self.desk.read(lambda reader: users.find_account(reader, name))
        if account is None:
            raise NotFoundError("user", name)
        authorise_account(by, role=account.role, sites=account.sites)


def _told(token: Token) -> dict[str, object]:
    return {
        "name": token.name,
        "permissions": sorted(one.value for one in token.permissions),
        "sites": sorted(token.sites),
        "ends_at": token.ends_at,
    }

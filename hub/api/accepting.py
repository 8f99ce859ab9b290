"""Accepting a case by the link in a message: looked at by anybody who has it, used once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from hub.access.accept_links import (
    NO_ACCOUNT,
    TAKEN,
    AcceptLink,
    LinkRefusedError,
    check_link,
    key_of,
)
from hub.access.audit import Act as Told
from hub.access.roles import Actor
from hub.api.desk import Desk
from hub.api.directory import Directory
from hub.api.trail import Trail
from hub.cases import Case
from hub.config import Role
from hub.config.org import Post
from hub.errors import NotAllowedError, NotFoundError
from hub.pipeline.acts import Act, CaseAct
from hub.store.people.links import find_link, use_link
from hub.store.people.trail import append_act
from hub.store.people.users import find_account
from hub.store.reads.cases import one_case
from hub.store.rows import case_of


@dataclass(frozen=True, slots=True)
class Offer:
    """What a link offers: this case to this post."""

    link: AcceptLink
    case: Case
    post: Post
    actor: Actor


@dataclass(frozen=True, slots=True)
class Accepting:
    """now: hub clock, ms. act: does it, and `also` before it, in one transaction."""

    desk: Desk
    directory: Directory
    trail: Trail
    act: Callable[[Act, Callable[[Connection], None]], Awaitable[str]]
    now: Callable[[], int]

    async def look(self, token: str, visitor: str | None) -> Offer:
        """What the link offers; changes nothing. Raises LinkRefusedError."""
        return await self.desk.read(lambda reader: self._offer(reader, token, visitor))

    async def use(self, token: str, visitor: str | None) -> Offer:
        """Accept the case, as the message's recipient. Raises LinkRefusedError.

        A link of ours that is refused is on record too: who it was for, and why not.
        """
        found = await self.desk.read(lambda reader: find_link(reader, key_of(token)))
        if found is None:
            offer = await self.look(token, visitor)
        else:
            who = Actor(visitor or f"post:{found.post}", Role.GUARD, frozenset({found.site}))
            detail: dict[str, Any] = {"via": "link", "post": found.post}
            tried = self.trail.act(who, found.site, f"case.{found.action}", found.case, **detail)
            async with self.trail.noting_refusal(tried):
                offer = await self.look(token, visitor)
        link = offer.link
        detail = {"via": "link", "post": link.post}
        told = self.trail.act(offer.actor, link.site, f"case.{link.action}", link.case, **detail)
        act = CaseAct(
            site=link.site,
            case=link.case,
            action=link.action,
            actor=offer.actor.name,
            role=offer.actor.role,
            via=link.post,
            mine=offer.actor.department,
        )
        async with self.trail.noting_refusal(told):
            try:
                await self.act(act, lambda connection: self._use(connection, token, visitor, told))
            except NotAllowedError:  # somebody moved it between the look and the act
                raise LinkRefusedError(TAKEN, code="link-taken") from None
        return offer

    def _use(self, connection: Connection, token: str, visitor: str | None, told: Told) -> None:
        """Of two that press at once, the second finds it used; nothing of its act is written."""
        find_link(connection, key_of(token), locked=True)
        self._offer(connection, token, visitor)
        use_link(connection, key_of(token), self.now())
        append_act(connection, told)

    def _offer(self, reader: Connection, token: str, visitor: str | None) -> Offer:
        found = find_link(reader, key_of(token))
        post = None if found is None else self.directory.org.tree.post(found.post)
        account = None if post is None else post.account
        link = check_link(found, now=self.now(), account=account, visitor=visitor)
        row = one_case(reader, link.site, link.case)
        if row is None or post is None:
            raise NotFoundError("case", link.case)
        case = case_of(row)
        if case.assignee != link.assignee:
            raise LinkRefusedError(TAKEN, code="link-taken")
        return Offer(link, case, post, _actor(reader, link))


def _actor(reader: Connection, link: AcceptLink) -> Actor:
    """As whom the case is accepted: the account of the post, or the post itself."""
    if link.account is None:
        return Actor(f"post:{link.post}", Role.GUARD, frozenset({link.site}))
    account = find_account(reader, link.account)
    if account is None or account.disabled or not account.actor.sees(link.site):
        raise LinkRefusedError(NO_ACCOUNT, code="link-not-yours")
    return account.actor

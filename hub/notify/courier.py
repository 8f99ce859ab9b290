"""Carries notifications out of the outbox, outbound only, until each is sent or given up."""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from hub.access.accept_links import key_of
from hub.access.sessions import new_token
from hub.config.channels import Address, Channel, Channels
from hub.config.org import Org
from hub.errors import UnavailableError
from hub.notify.message import Message
from hub.notify.patience import PEOPLE
from hub.notify.senders import Links, NotSentError, send
from hub.outbound import Guard
from hub.pipeline.writer import Priority, Writer
from hub.store.people.links import draw_link
from hub.store.write.notifications import Notice, due_notices, notice_failed, notice_sent

log = structlog.get_logger(__name__)

T = TypeVar("T")

AT_ONCE: Final = 20


class Courier:
    """now: hub clock, ms. public_url: of the console, for the links; None for no link at all.

    A crash between the service's answer and the record of it sends that message a second time:
    nobody is left uncalled. Everything else goes out once.
    """

    def __init__(
        self,
        *,
        writer: Writer,
        reader: Engine,
        channels: Channels,
        public_url: str | None,
        org: Org,
        guard: Guard,
        now: Callable[[], int],
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._channels = channels
        self._public_url = None if public_url is None else public_url.rstrip("/")
        self._org = org
        self._guard = guard
        self._now = now

    async def run(self, period_s: float) -> None:
        """Send what is due, until cancelled."""
        while True:
            try:
                await self.deliver()
            except (DBAPIError, UnavailableError) as error:
                log.warning("notify.store_unavailable", error=type(error).__name__)
            await asyncio.sleep(period_s)

    async def deliver(self) -> int:
        """Send what is due now, channels and posts side by side; how many went out."""
        due = await asyncio.to_thread(self._due)
        return sum(await asyncio.gather(*(self._carry(one) for one in due)))

    def _due(self) -> list[Notice]:
        with self._reader.connect() as connection:
            return due_notices(connection, self._now(), AT_ONCE)

    async def _carry(self, notice: Notice) -> bool:
        try:
            links = await self._links(notice)
            await asyncio.to_thread(self._send, notice, links)
        except NotSentError as error:
            await self._failed(notice, str(error))
            return False
        await self._write(lambda connection: notice_sent(connection, notice.id, self._now()))
        log.info("notify.sent", notification=notice.id, channel=notice.channel, post=notice.post)
        return True

    def _send(self, notice: Notice, links: Links) -> None:
        channel, address = self._address(notice)
        message = Message.load(dict(notice.message))
        send(channel, address, message, links, self._now(), guard=self._guard)

    def _address(self, notice: Notice) -> tuple[Channel, Address]:
        channel = self._channels.channel(notice.channel)
        address = None if channel is None else channel.address(notice.post)
        if channel is None or address is None:
            raise NotSentError("the channel has no address for this post any more")
        return channel, address

    async def _links(self, notice: Notice) -> Links:
        """Each try has a link of its own: the token is in the message and nowhere else."""
        if self._public_url is None:
            return Links()
        message = Message.load(dict(notice.message))
        page = self._public_url + message.path
        _, address = self._address(notice)
        post = self._org.tree.post(notice.post)
        account = None if post is None else post.account
        known = address.personal or account is not None
        if notice.kind != "case" or not (message.accepts and known):
            return Links(page)
        token = new_token()
        link = await self._write(
            lambda connection: draw_link(
                connection,
                key_of(token),
                site=notice.site,
                case=notice.ref,
                post=notice.post,
                account=account,
                personal=address.personal,
                now=self._now(),
            )
        )
        return Links(page, None if link is None else f"{self._public_url}/accept/{token}")

    async def _failed(self, notice: Notice, why: str) -> None:
        tries = notice.tries + 1
        again_at = PEOPLE.again_at(notice.tries, self._now())
        await self._write(
            lambda connection: notice_failed(
                connection, notice.id, why, again_at=again_at, now=self._now()
            )
        )
        event = "notify.given_up" if again_at is None else "notify.failed"
        log.warning(event, notification=notice.id, channel=notice.channel, why=why, tries=tries)

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._writer.submit(Priority.EVENT, work))

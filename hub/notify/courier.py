"""Carries notifications out of the outbox, outbound only, until each is sent or given up."""

import asyncio
from collections.abc import Callable

from sqlalchemy import Engine

from hub.access.accept_links import key_of
from hub.access.sessions import new_token
from hub.config.channels import Address, Channel, Channels
from hub.config.org import Org
from hub.notify.carrier import Carrier
from hub.notify.message import Message
from hub.notify.patience import PEOPLE
from hub.notify.senders import Links, NotSentError, send
from hub.outbound import Guard
from hub.pipeline.writer import Priority, Writer
from hub.store.people.links import draw_link
from hub.store.write.notifications import Notice


class Courier(Carrier):
    """public_url: of the console, for the links; None for no link at all."""

    carries = "messages"
    patience = PEOPLE
    callbacks = False
    at_once = 20
    priority = Priority.EVENT

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
        super().__init__(writer=writer, reader=reader, now=now)
        self._channels = channels
        self._public_url = None if public_url is None else public_url.rstrip("/")
        self._org = org
        self._guard = guard

    async def _hand_over(self, notice: Notice) -> None:
        links = await self._links(notice)
        await asyncio.to_thread(self._send, notice, links)

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

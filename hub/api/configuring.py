"""The configuration from the console: looked at, checked, saved on record, perhaps taken up."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from hub.access.audit import Act
from hub.access.roles import ALL_SITES, Actor
from hub.api.trail import Trail
from hub.config.channels import load_channels
from hub.editing.bench import Bench, Draft, FaultyError, Wish
from hub.editing.parts import Part
from hub.editing.shelf import version_of
from hub.errors import NotFoundError, UnavailableError
from hub.notify.message import Message
from hub.notify.senders import Links, NotSentError, send
from hub.outbound import Guard
from wire import Text

MOST_KEYS: Final = 40
"""Keys that the record of a change names."""

TakeUp = Callable[[Part], bool]
"""Takes what was saved of a part into the running hub; False where the next start will."""

TEST: Final = Message(
    title=Text(zh="【测试】通知渠道测试", en="[Test] notification channel"),
    text=Text(
        zh="这是一条测试消息，收到即表示该渠道可用，无需处理。",
        en="This is a test: it shows that this channel works. Nothing needs to be done.",
    ),
    path="/",
    accepts=False,
)


def take_up_nothing(_part: Part) -> bool:
    """Everything waits for the next start."""
    return False


@dataclass(frozen=True, slots=True)
class Configuring:
    """loaded: by part, the version that the hub runs with."""

    bench: Bench
    trail: Trail
    guard: Guard
    take_up: TakeUp
    loaded: dict[str, str] = field(default_factory=dict)
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        """What stands on the disk now is what was just read."""
        for part in self.bench.parts.values():
            self.loaded[part.id] = version_of(self.bench.shelf.text(part))

    def parts(self, actor: Actor) -> list[Part]:
        """The parts that `actor` may see: whoever answers for some sites alone, those sites'."""
        return [one for one in self.bench.parts.values() if _sees(actor, one)]

    def part(self, actor: Actor, area: str, name: str) -> Part:
        """Raises NotFoundError, also for what is not to be seen."""
        found = self.bench.parts.get(f"{area}/{name}")
        if found is None or not _sees(actor, found):
            raise NotFoundError("part of the configuration", f"{area}/{name}")
        return found

    def is_pending(self, part: Part, version: str) -> bool:
        """Whether what stands on the disk is not what the hub runs with."""
        return self.loaded.get(part.id) != version

    async def check(self, part: Part, wish: Wish) -> Draft:
        """Look a change through, and change nothing. Raises ConflictError."""
        return await asyncio.to_thread(self.bench.draft, part, wish)

    async def save(self, actor: Actor, part: Part, wish: Wish) -> None:
        """Put a change in force, one at a time. Raises ConflictError, FaultyError."""
        async with self._one:
            draft = await self.check(part, wish)
            if draft.faults:
                raise FaultyError(draft.faults)
            act = self._act(actor, part, wish, draft)
            await self.trail.looked(act)
            async with self.trail.noting_refusal(act):
                await asyncio.to_thread(self._put, part, draft.text, actor.name)
            if await asyncio.to_thread(self.take_up, part):
                self.loaded[part.id] = version_of(draft.text)

    async def test_channel(self, actor: Actor, channel: str, post: str | None) -> str | None:
        """Send a test message by what is saved; why it was not sent. Raises NotFoundError."""
        if ALL_SITES not in actor.sites:
            raise NotFoundError("channel", channel)
        act = Act(self.trail.now(), actor.name, "channel.test", channel, detail={"post": post})
        await self.trail.begun(act)
        return await asyncio.to_thread(self._send_test, channel, post)

    def _send_test(self, name: str, post: str | None) -> str | None:
        path = self.bench.config.channels_file
        channels = None if path is None else load_channels(path, self.bench.org())
        channel = None if channels is None else channels.channel(name)
        if channel is None:
            raise NotFoundError("channel", name)
        address = channel.address(post or next(iter(channel.to)))
        if address is None:
            raise NotFoundError("address of this channel for post", post or "*")
        try:
            send(channel, address, TEST, Links(), self.trail.now(), guard=self.guard)
        except NotSentError as error:
            return str(error)
        return None

    def _act(self, actor: Actor, part: Part, wish: Wish, draft: Draft) -> Act:
        keys = [one.key for one in draft.changes]
        detail = {
            "keys": keys[:MOST_KEYS],
            "changes": len(keys),
            "from": wish.based_on,
            "to": version_of(draft.text),
            **({} if wish.past is None else {"restored": wish.past}),
            **({} if actor.token is None else {"token": actor.token}),
        }
        now = self.trail.now()
        return Act(now, actor.name, "config.change", part.id, site=part.site, detail=detail)

    def _put(self, part: Part, text: str, by: str) -> None:
        try:
            self.bench.shelf.put(part, text, by=by, now=self.trail.now())
        except OSError as error:
            problem = f"the file cannot be written: {error.strerror}"
            raise UnavailableError(problem, code="config-not-written") from None


def _sees(actor: Actor, part: Part) -> bool:
    return ALL_SITES in actor.sites or (part.site is not None and actor.sees(part.site))

"""The hub's outside: the broker, what comes from it, and what is published."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from hub.app.estate import Estate
from hub.app.line import Line
from hub.app.threads import in_thread
from hub.commands import ClipAsker, CommandService, Nonces, Requests, Signer, WishKeeper
from hub.ingest import Ingest, Presence
from hub.live import LivePictures, publish_outward
from hub.mqtt import Delivery, Link
from hub.pipeline import AgentHeard
from hub.store.secrets import Secrets
from wire import TopicKind, topics
from wire.kinds.camera import LIVE

_LIVE = f"/{TopicKind.LIVE.value}"


@dataclass(frozen=True, slots=True)
class Outside:
    """The open connections, and what sends commands and requests.

    link: for what is urgent, and all that the hub says. bulk: for telemetry and pictures. A broker
    hands over one after the other on each, so a backlog on the one cannot hold up the other.
    """

    link: Link
    bulk: Link
    ingest: Ingest
    commands: CommandService
    requests: Requests
    live: LivePictures
    public_key: str

    @property
    def connected(self) -> bool:
        """Whether all that agents send arrives."""
        return self.link.connected and self.bulk.connected


@asynccontextmanager
async def open_outside(
    estate: Estate, line: Line, keys: Secrets, boot: str
) -> AsyncIterator[Outside]:
    """Connect, and keep connecting; returns at once when the broker is away."""
    now = line.clock.now
    nonces = Nonces(line.clock.monotonic)

    def publish(topic: str, payload: bytes) -> bool:
        return link.publish(topic, payload)

    def heard(said: AgentHeard) -> None:
        nonces.heard(said.site, said.agent, said.status, retained=said.retained)

    ingest = Ingest(line.pipeline, hub_boot=boot, publish=publish, heard=heard, now=now)
    signer = Signer(keys.signing_key)
    requests = Requests(registry=line.registry, nonces=nonces, sign=signer.sign, publish=publish)

    def ask_live(site: str, device: str, lease_s: float) -> None:
        requests.ask(site, device, LIVE, lease_s=lease_s)

    live = LivePictures(line.registry, ask_live)

    def delivered(deliveries: Sequence[Delivery]) -> None:
        ingest.delivered([one for one in deliveries if not one.topic.endswith(_LIVE)])
        for one in deliveries:
            if one.topic.endswith(_LIVE):
                live.take(one)

    clips = ClipAsker(pipeline=line.pipeline, reader=line.store.reader, requests=requests, now=now)
    presence = Presence([site.id for site in estate.sites], boot, now)
    link = Link(
        estate.link,
        topics=[*topics.ALL_URGENT, topics.ALL_STATUS],
        delivered=ingest.delivered,
        greeting=presence.greeting,
        goodbye=presence.goodbye,
        will=presence.will(),
    )
    bulk = Link(
        replace(estate.link, client_id=f"{estate.link.client_id}-bulk"),
        topics=[*topics.ALL_BULK, topics.ALL_LIVE],
        delivered=delivered,
    )
    commands = CommandService(
        pipeline=line.pipeline,
        registry=line.registry,
        nonces=nonces,
        signer=signer,
        publish=publish,
        now=now,
        limits=line.limits,
    )
    async with (
        in_thread(ingest),
        in_thread(bulk),
        in_thread(link),
        _publishing(estate, line, link),
        _asking(clips),
        WishKeeper(commands, requests, line.clock) as keeper,
    ):
        line.announcer.listen(keeper.committed)
        yield Outside(link, bulk, ingest, commands, requests, live, signer.public_key)


@asynccontextmanager
async def _asking(clips: ClipAsker) -> AsyncIterator[None]:
    """Clips that alarms want, asked of the cameras."""
    task = asyncio.create_task(clips.run(), name="hub-clips")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


@asynccontextmanager
async def _publishing(estate: Estate, line: Line, link: Link) -> AsyncIterator[None]:
    """Alerts and cases for other systems, on the hub's own topics."""
    async with asyncio.TaskGroup() as tasks:
        running = [
            tasks.create_task(
                publish_outward(line.feed, site.id, link.publish), name=f"hub-outward-{site.id}"
            )
            for site in estate.sites
        ]
        try:
            yield
        finally:
            for task in running:
                task.cancel()

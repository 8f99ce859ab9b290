"""Alerts and cases for other systems, on the hub's own MQTT topics; only listed fields leave."""

import asyncio
import json
from collections.abc import Callable
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError

from hub.live.events import Changed, Reset
from hub.live.feed import RETRY_S, Feed
from hub.store.trouble import told
from wire import TopicKind
from wire.topics import hub as hub_topic

log = structlog.get_logger(__name__)

FIELDS: Final = {
    TopicKind.ALERT: (
        "id",
        "device",
        "condition",
        "priority",
        "state",
        "at",
        "received_at",
        "returned_at",
        "closed_at",
        "late",
        "occurrence",
        "version",
    ),
    TopicKind.CASE: (
        "id",
        "number",
        "category",
        "priority",
        "state",
        "device",
        "alert",
        "opened_at",
        "updated_at",
        "closed_at",
        "version",
    ),
}
"""What leaves the hub: no person, no note, no reading."""

Publish = Callable[[str, bytes], bool]


async def publish_outward(feed: Feed, site: str, publish: Publish) -> None:
    """Publish each change of a site's alerts and cases, until cancelled or the feed ends.

    While the broker is away changes are not kept: other systems read the API when they must not
    miss one.
    """
    while True:
        again = False
        try:
            async with feed.follow(site, feed.position(site)) as following:
                while (news := await following.told()) is not None:
                    for event in (event for telling in news for event in telling.events):
                        again = isinstance(event, Reset)
                        message = _message(site, event) if isinstance(event, Changed) else None
                        if message is not None:
                            publish(*message)
        except DBAPIError as error:  # the store is away: it comes back, and so does this
            log.warning("outward.read_failed", site=site, **told(error))
            await asyncio.sleep(RETRY_S)
            again = True
        if not again:
            return
        await asyncio.sleep(0)


def _message(site: str, event: Changed) -> tuple[str, bytes] | None:
    if event.type not in {kind.value for kind in FIELDS} or event.body is None:
        return None
    kind = TopicKind(event.type)
    body = {name: event.body.get(name) for name in FIELDS[kind]}
    text = json.dumps({"v": 1, **body}, ensure_ascii=False, separators=(",", ":"))
    return hub_topic(site, kind), text.encode()

"""What changes, told as it happens: to screens through the API, to other systems over MQTT."""

from hub.live.changes import Load
from hub.live.events import Changed, Event, Live, Reset, Telling
from hub.live.feed import Feed
from hub.live.following import Following
from hub.live.outward import publish_outward
from hub.live.pictures import LivePictures

__all__ = [
    "Changed",
    "Event",
    "Feed",
    "Following",
    "Live",
    "LivePictures",
    "Load",
    "Reset",
    "Telling",
    "publish_outward",
]

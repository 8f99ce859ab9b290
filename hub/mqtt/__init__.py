"""The hub's connection to the broker."""

from hub.mqtt.delivery import Delivery, acknowledge
from hub.mqtt.link import Link
from hub.mqtt.settings import LinkSettings, Will

__all__ = ["Delivery", "Link", "LinkSettings", "Will", "acknowledge"]

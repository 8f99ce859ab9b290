"""The hub's connection to the broker (paho-mqtt)."""

from hub.mqtt.delivery import Delivery
from hub.mqtt.link import Link
from hub.mqtt.settings import LinkSettings, Will

__all__ = ["Delivery", "Link", "LinkSettings", "Will"]

"""The MQTT link: lanes to the broker, acknowledgements and commands from it."""

from edge.link.link import Link

__all__ = ["Link"]

"""Where the hub may connect to by order of a person: one guard for every such address."""

from hub.outbound.client import Answer, post
from hub.outbound.fence import fenced
from hub.outbound.guard import Guard, Pinned
from hub.outbound.own import Endpoint
from hub.outbound.urls import AddressRefusedError, Target, Use, read_url

__all__ = [
    "AddressRefusedError",
    "Answer",
    "Endpoint",
    "Guard",
    "Pinned",
    "Target",
    "Use",
    "fenced",
    "post",
    "read_url",
]

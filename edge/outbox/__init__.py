"""The durable outbox: what a device said stays here until the hub has it on its own disk."""

from edge.outbox.entry import Entry, LaneView, Row
from edge.outbox.outbox import Outbox
from edge.outbox.quotas import LaneQuota, Quotas

__all__ = ["Entry", "LaneQuota", "LaneView", "Outbox", "Quotas", "Row"]

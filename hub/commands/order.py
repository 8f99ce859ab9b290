"""What a person asks a device to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """An order, before it is signed and sent.

    operator: the person's name. reason: why, for the audit trail.
    lease_s: how long the effect may last unless renewed; 0 for an action that ends by itself.
    renews: id of the lease that this order prolongs. approved_by: the second person, if any.
    """

    site: str
    device: str
    action: str
    operator: str
    reason: str
    lease_s: float = 0.0
    case: str | None = None
    renews: str | None = None
    approved_by: str | None = None

"""Orders to devices, as signed leases."""

from hub.commands.nonces import Nonces
from hub.commands.order import Order
from hub.commands.service import CommandService, Signer

__all__ = ["CommandService", "Nonces", "Order", "Signer"]

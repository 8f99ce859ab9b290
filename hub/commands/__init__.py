"""Orders to devices, as signed leases."""

from hub.commands.clips import ClipAsker
from hub.commands.nonces import Nonces
from hub.commands.order import Order
from hub.commands.requests import Requests
from hub.commands.service import CommandService, Signer
from hub.commands.wishes import WishKeeper

__all__ = ["ClipAsker", "CommandService", "Nonces", "Order", "Requests", "Signer", "WishKeeper"]

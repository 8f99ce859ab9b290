"""Who this agent is to the broker: its key, its certificate, and how it gets the next one."""

from edge.identity.files import Identity, load_identity
from edge.identity.getting import EnrolmentError, enrol, renew
from edge.identity.renewing import Renewing

__all__ = ["EnrolmentError", "Identity", "Renewing", "enrol", "load_identity", "renew"]

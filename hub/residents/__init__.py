"""The residents' listener, an application of its own on an address of its own.

Nothing of the hub can be read through it but where one's own report stands.
"""

from hub.residents.application import build_residents
from hub.residents.desk import ResidentDesk
from hub.residents.quota import Quota, Quotas

__all__ = ["Quota", "Quotas", "ResidentDesk", "build_residents"]

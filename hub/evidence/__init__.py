"""The bytes of clips and pictures: a port, and files named by their hash."""

from hub.evidence.files import EvidenceFiles
from hub.evidence.port import EvidenceStore, OffsetError, WrongHashError

__all__ = ["EvidenceFiles", "EvidenceStore", "OffsetError", "WrongHashError"]

"""What a place for evidence can do."""

from collections.abc import Callable, Iterator
from typing import Protocol

from hub.errors import BadRequestError, ConflictError


class WrongHashError(BadRequestError):
    """What came is not what was announced; nothing of it is kept."""

    code = "wrong-hash"


class OffsetError(ConflictError):
    """A chunk does not begin where the last one ended. offset: where that is."""

    code = "wrong-offset"

    def __init__(self, offset: int) -> None:
        super().__init__(f"goes on at {offset}")
        self.offset = offset


class EvidenceStore(Protocol):
    """Bytes by site and SHA-256 (64 hex digits). Blocking: call it in a thread.

    What a site holds is its own: the same bytes of another site are other bytes.
    """

    def offset(self, site: str, sha256: str) -> int:
        """How many bytes have come."""
        ...

    def append(self, site: str, sha256: str, start: int, chunk: bytes) -> int:
        """Add a chunk; how many bytes there are now. Raises OffsetError, OSError."""
        ...

    def complete(self, site: str, sha256: str) -> int:
        """All has come: check it and keep it for good; its size.

        Raises WrongHashError; then it is gone. Harmless when it is complete already.
        """
        ...

    def size(self, site: str, sha256: str) -> int | None:
        """The size of a complete piece, else None."""
        ...

    def read(self, site: str, sha256: str, start: int, length: int) -> Iterator[bytes]:
        """A part of a complete piece. Raises OSError when it is not there."""
        ...

    def remove(self, site: str, sha256: str) -> None:
        """Delete a piece; one that is not there is no error."""
        ...

    def clean(self, wanted: Callable[[str, str], bool], older_than_s: float) -> int:
        """Remove unfinished pieces that nobody wants or that have not grown for long; how many."""
        ...

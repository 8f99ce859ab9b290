"""Checkpoints of the audit trail: what a chain ended with at a moment, signed by the hub.

Whoever can write to the database can also write all the hashes anew. What they cannot do is sign;
so checkpoints that lie elsewhere show any change before them.
"""

import json
from dataclasses import asdict, dataclass, replace
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hub.errors import HubError

CHECKPOINT: Final = "checkpoint"
ANCHOR: Final = "anchor"


class UnreadableCheckpointError(HubError):
    """A line of a checkpoint file is none."""

    code = "bad-checkpoint"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a chain held at a moment.

    upto: id of its newest entry; hash: that entry's. count: entries from the chain's very first on,
    those included that have been removed since. signature: Ed25519 by the hub's key, hex.
    sort: `anchor` for what was removed from a chain's beginning: its last entry, and how many.
    """

    chain: str
    at: int
    upto: int
    count: int
    hash: str
    signature: str = ""
    sort: str = CHECKPOINT

    def line(self) -> str:
        """As a line of a file."""
        return json.dumps(asdict(self), sort_keys=True)

    def statement(self) -> bytes:
        """What is signed; no other thing that the hub signs begins like this."""
        fields = [self.chain, self.at, self.upto, self.count, self.hash]
        return f"gatehouse-audit-{self.sort}-1\n{json.dumps(fields)}".encode()


class Signer:
    """Signs with the hub's key. public_key: 64 hex digits, as agents pin it."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key = self._key.public_key().public_bytes_raw().hex()

    def sign(self, checkpoint: Checkpoint) -> Checkpoint:
        """The checkpoint with its signature."""
        return replace(checkpoint, signature=self._key.sign(checkpoint.statement()).hex())


def genuine(checkpoint: Checkpoint, public_key: str) -> bool:
    """The hub with this key signed it."""
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    try:
        key.verify(bytes.fromhex(checkpoint.signature), checkpoint.statement())
    except (InvalidSignature, ValueError):
        return False
    return True


def read_line(line: str) -> Checkpoint:
    """A checkpoint of a file. Raises UnreadableCheckpointError."""
    try:
        found = Checkpoint(**json.loads(line))
    except (ValueError, TypeError):
        raise UnreadableCheckpointError("this line is no checkpoint") from None
    numbers = all(isinstance(one, int) for one in (found.at, found.upto, found.count))
    texts = all(isinstance(one, str) for one in (found.chain, found.hash, found.signature))
    if not (numbers and texts and found.sort == CHECKPOINT):
        raise UnreadableCheckpointError("this line is no checkpoint")
    return found

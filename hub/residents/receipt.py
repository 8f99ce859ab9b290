"""Receipt codes: 80 bits that are easy to read out and to type."""

from typing import Final

from hub.store.seal import RECEIPTS, Seal

_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""

_MISREAD: Final = str.maketrans("OIL", "011", "- \t")
_BYTES: Final = 10
LENGTH: Final = 16


class Receipts:
    """Codes follow from what the reporter drew, so that trying again gives the same one.

    The hub keeps a keyed hash of the code alone.
    """

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    def code(self, key: str) -> str:
        """The code of the report that was sent with `key`, in groups of four."""
        drawn = bytes.fromhex(self._seal.hash(RECEIPTS, f"code|{key}"))[:_BYTES]
        number = int.from_bytes(drawn)
        letters = "".join(_LETTERS[(number >> shift) & 31] for shift in range(75, -1, -5))
        return "-".join(letters[at : at + 4] for at in range(0, LENGTH, 4))

    def hash(self, code: str) -> str | None:
        """What is kept of a code as somebody typed it; None when it is none."""
        plain = code.upper().translate(_MISREAD)
        if len(plain) != LENGTH or set(plain) - set(_LETTERS):
            return None
        return self._seal.hash(RECEIPTS, f"receipt|{plain}")

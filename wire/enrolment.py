"""How an edge agent gets its certificate: what is asked and answered, and how each is proven.

A claim code (125 random bits) is known to the hub and to whoever installs the agent, works once,
and never travels: the request carries a code of authentication (HMAC-SHA256) under it, over all
that is asked. So who listens, or stands in between, learns nothing to ask with, and can put no
key of its own in. The answer is proven in the same way.
"""

import hashlib
import hmac
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from wire.ids import Id

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no letter that looks like a digit."""

CODE_LETTERS: Final = 25
_GROUP: Final = 5
_ALIKE: Final = str.maketrans("OIL", "011")

MOST_PEM: Final = 8192
Pem = Annotated[str, Field(min_length=1, max_length=MOST_PEM)]
Proof = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Serial = Annotated[str, Field(pattern=r"^[!-~]{1,64}$")]
"""A machine's serial number: printable ASCII without blanks."""


class EnrolmentRequest(BaseModel):
    """A first certificate, please. csr: PEM; only its key counts. proof: see `request_proof`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    site: Id
    agent: Id
    serial: Serial
    csr: Pem
    proof: Proof


class RenewalRequest(BaseModel):
    """The next certificate. certificate: the present one, PEM.

    signature: by its key (ECDSA, SHA-256, hex) over `renewal_bytes`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    certificate: Pem
    csr: Pem
    signature: Annotated[str, Field(pattern=r"^[0-9a-f]{16,200}$")]


class EnrolmentAnswer(BaseModel):
    """certificate, authority: PEM.

    proof: see `answer_proof`; empty for a renewal, where the authority is known already.
    """

    model_config = ConfigDict(frozen=True)

    certificate: Pem
    authority: Pem
    proof: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""


def common_name(site: str, agent: str) -> str:
    """How the agent is called everywhere: the certificate's name, the broker's user, its client."""
    return f"{site}/{agent}"


def plain_code(code: str) -> str:
    """A code as it was drawn, however somebody typed it. Raises ValueError."""
    plain = code.upper().replace("-", "").replace(" ", "").translate(_ALIKE)
    if len(plain) != CODE_LETTERS or set(plain) - set(ALPHABET):
        raise ValueError(f"a claim code has {CODE_LETTERS} letters and digits")
    return plain


def shown_code(plain: str) -> str:
    """In groups, to be read out and typed."""
    return "-".join(plain[at : at + _GROUP] for at in range(0, len(plain), _GROUP))


def claim_key(plain: str) -> bytes:
    """What the hub keeps of a code: with it requests can be judged, but no code be read."""
    return hashlib.sha256(b"gatehouse/1/claim\n" + plain.encode()).digest()


def request_proof(key: bytes, *, site: str, agent: str, serial: str, csr: str) -> str:
    """Of an `EnrolmentRequest`."""
    return _proof(key, "request", site, agent, serial, csr)


def answer_proof(key: bytes, *, certificate: str, authority: str) -> str:
    """Of an `EnrolmentAnswer`."""
    return _proof(key, "answer", certificate, authority)


def proven(shown: str, expected: str) -> bool:
    """Whether a proof is the one; in constant time."""
    return hmac.compare_digest(shown, expected)


def renewal_bytes(certificate: str, csr: str) -> bytes:
    """What the present key signs to get the next certificate."""
    return _joined("renewal", certificate, csr)


def _proof(key: bytes, *parts: str) -> str:
    return hmac.new(key, _joined(*parts), hashlib.sha256).hexdigest()


def _joined(*parts: str) -> bytes:
    """Each part by its hash, so that no two lists of parts read alike."""
    digests = (hashlib.sha256(part.encode()).hexdigest() for part in parts)
    return "\n".join(("gatehouse/1/enrolment", *digests)).encode()

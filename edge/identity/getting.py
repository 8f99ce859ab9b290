"""Asks the hub for a certificate: the first with a claim code, each later one with the present."""

import ssl
from typing import Any, Final

import aiohttp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import BaseModel, ValidationError

from edge.errors import EdgeError
from edge.identity.files import Identity, save_identity, signing_request
from wire.enrolment import (
    EnrolmentAnswer,
    EnrolmentRequest,
    RenewalRequest,
    answer_proof,
    claim_key,
    common_name,
    plain_code,
    proven,
    renewal_bytes,
    request_proof,
)

TIMEOUT_S: Final = 20.0
_ANSWER_BYTES: Final = 65_536
_OK: Final = 200


class EnrolmentError(EdgeError):
    """There is no certificate, and nothing was changed here; one line for whoever installs."""


async def enrol(
    *,
    hub: str,
    code: str,
    fingerprint: str,
    site: str,
    agent: str,
    serial: str,
    tls: ssl.SSLContext | None = None,
) -> tuple[ec.EllipticCurvePrivateKey, EnrolmentAnswer]:
    """A fresh key and its first certificate. fingerprint: of the hub's authority, SHA-256 hex.

    tls: how an https hub is checked; None for the system's authorities. Raises EnrolmentError.
    """
    try:
        secret = claim_key(plain_code(code))
    except ValueError as error:
        raise EnrolmentError(str(error)) from None
    name = common_name(site, agent)
    key = ec.generate_private_key(ec.SECP256R1())
    csr = signing_request(key, name)
    proof = request_proof(secret, site=site, agent=agent, serial=serial, csr=csr)
    try:
        asked = EnrolmentRequest(site=site, agent=agent, serial=serial, csr=csr, proof=proof)
    except ValidationError as error:
        raise EnrolmentError(f"{error.errors()[0]['loc'][0]}: not of the right form") from None
    answer = await _ask(f"{hub}/api/enrolment", asked.model_dump(), tls)
    expected = answer_proof(secret, certificate=answer.certificate, authority=answer.authority)
    if not proven(answer.proof, expected):
        raise EnrolmentError("whoever answered does not know the claim code: it is not your hub")
    authority = _certificate(answer.authority)
    if authority.fingerprint(hashes.SHA256()).hex() != fingerprint.lower().replace(":", ""):
        raise EnrolmentError("the hub's authority has another fingerprint than the one given")
    _check(answer.certificate, authority, key, name)
    return key, answer


async def renew(identity: Identity, tls: ssl.SSLContext | None = None) -> Identity:
    """The next certificate, with a fresh key, saved in place of the present one.

    Raises EnrolmentError, ConfigError.
    """
    present = identity.certificate()
    name = str(present.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
    certificate = identity.certificate_file.read_text(encoding="ascii")
    key = ec.generate_private_key(ec.SECP256R1())
    csr = signing_request(key, name)
    signed = identity.key().sign(renewal_bytes(certificate, csr), ec.ECDSA(hashes.SHA256()))
    asked = RenewalRequest(certificate=certificate, csr=csr, signature=signed.hex())
    answer = await _ask(f"{identity.hub}/api/enrolment/renewals", asked.model_dump(), tls)
    authority = identity.authority_file.read_text(encoding="ascii")
    _check(answer.certificate, _certificate(authority), key, name)
    return save_identity(
        identity.folder.parent,
        key=key,
        certificate=answer.certificate,
        authority=authority,
        hub=identity.hub,
    )


async def _ask(url: str, body: dict[str, Any], tls: ssl.SSLContext | None) -> EnrolmentAnswer:
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=False) as session,
            session.post(url, json=body, ssl=tls or True, allow_redirects=False) as answer,
        ):
            told = await _start_of(answer)
            if answer.status != _OK:
                raise EnrolmentError(f"the hub refuses ({answer.status}): {_why(told)}")
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise EnrolmentError(f"the hub cannot be reached: {type(error).__name__}") from None
    try:
        return EnrolmentAnswer.model_validate_json(told)
    except ValidationError:
        raise EnrolmentError("whoever answered is not a hub") from None


def _why(told: bytes) -> str:
    """The problem's detail, as far as it is one."""
    try:
        return str(_Problem.model_validate_json(told).detail)[:200]
    except ValidationError:
        return "no reason given"


class _Problem(BaseModel):
    detail: str


async def _start_of(answer: aiohttp.ClientResponse) -> bytes:
    """The answer, no more of it than one may weigh."""
    told = b""
    async for piece in answer.content.iter_any():
        told += piece
        if len(told) > _ANSWER_BYTES:
            raise EnrolmentError("whoever answered is not a hub")
    return told


def _certificate(pem: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem.encode("ascii"))
    except (ValueError, UnicodeEncodeError):
        raise EnrolmentError("the answer holds no certificate") from None


def _check(
    pem: str, authority: x509.Certificate, key: ec.EllipticCurvePrivateKey, name: str
) -> None:
    """Whether a certificate is of this key, this name and that authority. Raises EnrolmentError."""
    made = _certificate(pem)
    try:
        made.verify_directly_issued_by(authority)
    except (InvalidSignature, ValueError, TypeError):
        raise EnrolmentError("the certificate is not of the hub's authority") from None
    named = made.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if made.public_key() != key.public_key() or [one.value for one in named] != [name]:
        raise EnrolmentError("the certificate is for somebody else")

"""Claims, first certificates, renewals and revocations."""

import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import structlog
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hub.errors import HubError
from hub.pki.authority import (
    AGENT_DAYS,
    Authority,
    PkiError,
    PublicKey,
    Wanted,
    fingerprint_of,
    pem_of,
    requested_key,
)
from hub.pki.register import Book, Certificate, Claim, Register
from wire.enrolment import (
    ALPHABET,
    CODE_LETTERS,
    EnrolmentAnswer,
    EnrolmentRequest,
    RenewalRequest,
    answer_proof,
    claim_key,
    common_name,
    proven,
    renewal_bytes,
    request_proof,
    shown_code,
)

log = structlog.get_logger(__name__)

CLAIM_MS: Final = 15 * 60_000
RENEWAL_SHARE: Final = 3
"""A certificate is renewed in the last third of its time, and no sooner."""

MOST_GOOD: Final = 10
"""Good certificates of one agent at a time: the present one, the next, and some that got lost."""


class EnrolmentRefusedError(HubError):
    """No certificate; who asks is not told which of the reasons it was."""

    code = "enrolment-refused"


class Enrolment:
    """folder: the hub's folder of secrets. agents: ids by site. now: the real time, ms.

    Blocking: called in a thread.
    """

    def __init__(
        self, folder: Path, agents: Mapping[str, frozenset[str]], now: Callable[[], int]
    ) -> None:
        self._folder = folder
        self._agents = agents
        self._now = now
        self.register = Register(folder)

    def claim(self, site: str, agent: str, machine: str) -> str:
        """A code for one agent on one machine, 15 minutes; an older one of it is void.

        Raises PkiError: no such agent in the registry, no authority.
        """
        Authority.load(self._folder)
        if agent not in self._agents.get(site, frozenset()):
            raise PkiError(f"the site file knows no agent {agent!r} of {site!r}")
        plain = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS))
        now = self._now()
        made = Claim(
            site=site,
            agent=agent,
            machine=machine,
            key=claim_key(plain).hex(),
            made_at=now,
            ends_at=now + CLAIM_MS,
        )
        with self.register.change() as book:
            book.claims[:] = [
                one
                for one in book.claims
                if one.ends_at > now and (one.site, one.agent) != (site, agent)
            ]
            book.claims.append(made)
        log.info("pki.claimed", site=site, agent=agent)
        return shown_code(plain)

    def enrol(self, asked: EnrolmentRequest) -> EnrolmentAnswer:
        """The first certificate, for a claim that is open. Raises EnrolmentRefusedError."""
        authority = self._authority()
        key = _key_of(asked.csr)
        now = self._now()
        with self.register.change() as book:
            at, claim = self._claimed(book, asked, now)
            made = self._issue(authority, book, asked.site, asked.agent, key, asked.serial, "claim")
            book.claims[at] = claim.model_copy(update={"used_at": now})
        log.info("pki.enrolled", site=asked.site, agent=asked.agent)
        certificate, pem = pem_of(made), authority.pem
        secret = bytes.fromhex(claim.key)
        return EnrolmentAnswer(
            certificate=certificate,
            authority=pem,
            proof=answer_proof(secret, certificate=certificate, authority=pem),
        )

    def renew(self, asked: RenewalRequest) -> EnrolmentAnswer:
        """The next certificate, for the present one. Raises EnrolmentRefusedError."""
        authority = self._authority()
        key = _key_of(asked.csr)
        present = self._present(authority, asked)
        with self.register.change() as book:
            known = self._known(book, present)
            site, _, agent = known.name.partition("/")
            made = self._issue(authority, book, site, agent, key, known.machine, "renewal")
        log.info("pki.renewed", site=site, agent=agent)
        return EnrolmentAnswer(certificate=pem_of(made), authority=authority.pem)

    def revoke(self, name: str, reason: str) -> list[Certificate]:
        """End all good certificates of a name; those that were. Its open claims end too."""
        now = self._now()
        with self.register.change() as book:
            ended = book.current(name, now)
            serials = {one.serial for one in ended}
            book.certificates[:] = [
                one.model_copy(update={"revoked_at": now, "reason": reason})
                if one.serial in serials
                else one
                for one in book.certificates
            ]
            book.claims[:] = [
                one for one in book.claims if common_name(one.site, one.agent) != name
            ]
        log.info("pki.revoked", name=name, certificates=len(ended))
        return ended

    def _authority(self) -> Authority:
        try:
            return Authority.load(self._folder)
        except PkiError as error:
            log.error("pki.no_authority", problem=str(error))  # noqa: TRY400 - one line says it
            raise EnrolmentRefusedError("this hub issues no certificates") from None

    def _claimed(self, book: Book, asked: EnrolmentRequest, now: int) -> tuple[int, Claim]:
        for at, one in enumerate(book.claims):
            expected = request_proof(
                bytes.fromhex(one.key),
                site=one.site,
                agent=one.agent,
                serial=one.machine,
                csr=asked.csr,
            )
            told = (asked.site, asked.agent, asked.serial)
            fits = told == (one.site, one.agent, one.machine) and proven(asked.proof, expected)
            if fits and one.used_at is None and now < one.ends_at:
                return at, one
        log.warning("pki.enrolment_refused", site=asked.site, agent=asked.agent)
        raise EnrolmentRefusedError("no open claim of this site, agent and machine has this code")

    def _present(self, authority: Authority, asked: RenewalRequest) -> x509.Certificate:
        """The certificate that the request shows and signs with."""
        try:
            shown = x509.load_pem_x509_certificate(asked.certificate.encode("ascii"))
            key = shown.public_key()
            if not isinstance(key, ec.EllipticCurvePublicKey) or not authority.made(shown):
                raise EnrolmentRefusedError("not a certificate of this hub")
            signed = renewal_bytes(asked.certificate, asked.csr)
            key.verify(bytes.fromhex(asked.signature), signed, ec.ECDSA(hashes.SHA256()))
        except (ValueError, UnicodeEncodeError, InvalidSignature):
            raise EnrolmentRefusedError("not a certificate of this hub") from None
        return shown

    def _known(self, book: Book, shown: x509.Certificate) -> Certificate:
        """Its entry, while it is good and its time to be renewed."""
        now, mark = self._now(), fingerprint_of(shown)
        found = next((one for one in book.certificates if one.fingerprint == mark), None)
        name = shown.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        good = (
            found is not None
            and found.name == name
            and found.by in {"claim", "renewal"}
            and found.revoked_at is None
            and now < found.ends_at
        )
        if found is None or not good:
            raise EnrolmentRefusedError("this certificate has ended, or was revoked")
        if (found.ends_at - now) * RENEWAL_SHARE > found.ends_at - found.issued_at:
            raise EnrolmentRefusedError("it is too soon to renew this certificate")
        if len(book.current(found.name, now)) >= MOST_GOOD:
            raise EnrolmentRefusedError("this agent has enough certificates")
        return found

    def _issue(
        self,
        authority: Authority,
        book: Book,
        site: str,
        agent: str,
        key: PublicKey,
        machine: str,
        by: str,
    ) -> x509.Certificate:
        if agent not in self._agents.get(site, frozenset()):
            raise EnrolmentRefusedError("the registry knows this agent no more")
        wanted = Wanted(common_name(site, agent), "client", AGENT_DAYS, site=site, machine=machine)
        now = self._now()
        made = authority.issue(key, wanted, now)
        book.certificates.append(entry(made, wanted, now, by))
        return made


def entry(made: x509.Certificate, wanted: Wanted, now: int, by: str) -> Certificate:
    """The register's line of a certificate."""
    return Certificate(
        serial=f"{made.serial_number:x}",
        name=wanted.name,
        use=wanted.use,
        fingerprint=fingerprint_of(made),
        issued_at=now,
        ends_at=int(made.not_valid_after_utc.timestamp() * 1000),
        machine=wanted.machine,
        by=by,
    )


def _key_of(csr: str) -> PublicKey:
    try:
        return requested_key(csr)
    except PkiError as error:
        raise EnrolmentRefusedError(str(error)) from None

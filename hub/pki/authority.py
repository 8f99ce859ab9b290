"""Keys and certificates: EC P-256 and SHA-256, which Mosquitto 2.0 takes on any OpenSSL."""

import datetime as dt
import hashlib
import ipaddress
import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hub.errors import HubError
from hub.pki.owner import hand_over, private_folder

KEY_FILE: Final = "pki-ca.key"
CERTIFICATE_FILE: Final = "pki-ca.crt"

AUTHORITY_DAYS: Final = 7300
AGENT_DAYS: Final = 365
SERVER_DAYS: Final = 1095
CRL_DAYS: Final = 3650
"""OpenSSL refuses everybody once the list is too old: it ends no sooner than most authorities."""

_SKEW: Final = dt.timedelta(minutes=10)
"""An agent whose clock is a little behind must not find its new certificate not yet valid."""

Use = Literal["client", "server"]
_USES: Final = {
    "client": ExtendedKeyUsageOID.CLIENT_AUTH,
    "server": ExtendedKeyUsageOID.SERVER_AUTH,
}
PublicKey = ec.EllipticCurvePublicKey


class PkiError(HubError):
    """The authority cannot do what was asked; one line for whoever runs the command."""

    code = "pki-error"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A certificate to be made. name: its common name. days: from now.

    hosts: names and addresses of a server. unit: the agent's site, the machine's serial.
    """

    name: str
    use: Use
    days: int
    hosts: Sequence[str] = ()
    site: str = ""
    machine: str = ""


@dataclass(frozen=True, slots=True)
class Authority:
    """The authority's key and certificate, of one hub."""

    certificate: x509.Certificate
    _key: ec.EllipticCurvePrivateKey = field(repr=False)

    @property
    def pem(self) -> str:
        """The certificate, PEM."""
        return pem_of(self.certificate)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate (DER), 64 hex digits: what installers compare."""
        return fingerprint_of(self.certificate)

    @classmethod
    def load(cls, folder: Path) -> "Authority":
        """From the hub's folder of secrets. Raises PkiError: not made yet, or not safe."""
        key_file, certificate_file = folder / KEY_FILE, folder / CERTIFICATE_FILE
        try:
            if stat.S_IMODE(key_file.stat().st_mode) & 0o077:
                raise PkiError(f"{key_file}: others can read this key; set its mode to 0600")
            key = serialization.load_pem_private_key(key_file.read_bytes(), None)
            certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
        except FileNotFoundError as error:
            raise PkiError(f"{error.filename}: not there; run: gatehouse pki init") from None
        except (OSError, ValueError, TypeError) as error:
            problem = type(error).__name__
            raise PkiError(f"{folder}: the authority cannot be read: {problem}") from None
        same = isinstance(key, ec.EllipticCurvePrivateKey) and (
            key.public_key() == certificate.public_key()
        )
        if not isinstance(key, ec.EllipticCurvePrivateKey) or not same:
            raise PkiError(f"{folder}: key and certificate of the authority do not belong together")
        return cls(certificate, key)

    @classmethod
    def make(cls, folder: Path, now: int) -> "Authority":
        """A new one, in files of mode 0600. now: ms. Raises PkiError when there is one already."""
        private_folder(folder)
        key = ec.generate_private_key(ec.SECP256R1())
        mark = hashlib.sha256(_spki(key.public_key())).hexdigest()[:8]
        name = _name("Gatehouse authority", mark)
        begins = _time(now)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins - _SKEW)
            .not_valid_after(begins + dt.timedelta(days=AUTHORITY_DAYS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(authority=True), critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
            .sign(key, hashes.SHA256())
        )
        write_new(folder / KEY_FILE, key_pem(key))
        write_new(folder / CERTIFICATE_FILE, pem_of(certificate), mode=0o644)
        return cls(certificate, key)

    def issue(self, key: PublicKey, wanted: Wanted, now: int) -> x509.Certificate:
        """A certificate for a key. now: ms."""
        begins = _time(now)
        ends = begins + dt.timedelta(days=wanted.days)
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(wanted.name, wanted.machine, wanted.site))
            .issuer_name(self.certificate.subject)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins - _SKEW)
            .not_valid_after(min(ends, self.certificate.not_valid_after_utc))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(authority=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([_USES[wanted.use]]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
                critical=False,
            )
        )
        names = _hosts(wanted.hosts)
        if wanted.site:
            names = [x509.UniformResourceIdentifier(f"urn:gatehouse:{wanted.name}")]
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self._key, hashes.SHA256())

    def crl(self, revoked: Iterable[tuple[int, int]], now: int) -> str:
        """The revocation list, PEM. revoked: serial number and when, ms."""
        begins = _time(now)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(begins - _SKEW)
            .next_update(begins + dt.timedelta(days=CRL_DAYS))
        )
        for serial, at in revoked:
            one = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(_time(at))
            builder = builder.add_revoked_certificate(one.build())
        made = builder.sign(self._key, hashes.SHA256())
        return made.public_bytes(serialization.Encoding.PEM).decode("ascii")

    def made(self, certificate: x509.Certificate) -> bool:
        """Whether this authority signed it."""
        try:
            certificate.verify_directly_issued_by(self.certificate)
        except (InvalidSignature, ValueError, TypeError):
            return False
        return True


def new_key() -> ec.EllipticCurvePrivateKey:
    """A fresh key, P-256."""
    return ec.generate_private_key(ec.SECP256R1())


def key_pem(key: ec.EllipticCurvePrivateKey) -> str:
    """A private key, PEM."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode("ascii")


def pem_of(certificate: x509.Certificate) -> str:
    """A certificate, PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def fingerprint_of(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate (DER), 64 hex digits."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def requested_key(csr: str) -> PublicKey:
    """The key of a signing request that is signed with it. Raises PkiError.

    Names and extensions that a request asks for are not looked at.
    """
    try:
        request = x509.load_pem_x509_csr(csr.encode("ascii"))
        signed = request.is_signature_valid
        key = request.public_key()
    except (ValueError, UnicodeEncodeError, TypeError):
        raise PkiError("the signing request cannot be read") from None
    if not signed or not isinstance(key, PublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise PkiError("the signing request is not one of an EC P-256 key, signed with it")
    return key


def write_new(path: Path, text: str, *, mode: int = 0o600) -> None:
    """Write a file that must not exist yet, durably. Raises PkiError."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        raise PkiError(f"{path}: exists already; nothing was changed") from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    hand_over(path)


def _name(common: str, machine: str = "", site: str = "") -> x509.Name:
    parts = [(NameOID.ORGANIZATION_NAME, site), (NameOID.SERIAL_NUMBER, machine)]
    found = [x509.NameAttribute(oid, value) for oid, value in parts if value]
    return x509.Name([*found, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _hosts(hosts: Sequence[str]) -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = []
    for host in hosts:
        try:
            names.append(x509.IPAddress(ipaddress.ip_address(host)))
        except ValueError:
            names.append(x509.DNSName(host))
    return names


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _spki(key: PublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _time(ms: int) -> dt.datetime:
    """Whole seconds: X.509 knows no finer."""
    return dt.datetime.fromtimestamp(ms // 1000, dt.UTC)
